using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harmony.Sandbox.Faults;

/// <summary>What every stand-in obeys, at /_sandbox/… and /sandbox/…; these requests are neither counted nor harmed.</summary>
internal sealed class ControlPanel(FaultBook faults, RequestCounters counters, SandboxClock clock, ISandboxApp app)
{
    public void Map(WebApplication web)
    {
        web.Use(CountAndHarmAsync);
        foreach (var root in new[] { "/_sandbox", "/sandbox" })
        {
            web.MapGet(root + "/faults", ShowFaults);
            web.MapPost(root + "/faults", SetFaultsAsync);
            web.MapGet(root + "/counters", ShowCounters);
            web.MapPost(root + "/counters", () =>
            {
                counters.Reset();
                return ShowCounters();
            });
            web.MapPost(root + "/reset", Reset);
            web.MapGet(root + "/clock", ShowClock);
            web.MapPost(root + "/clock", SetClockAsync);
        }
    }

    private async Task CountAndHarmAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path;
        if (path.StartsWithSegments("/_sandbox", StringComparison.Ordinal) || path.StartsWithSegments("/sandbox", StringComparison.Ordinal))
        {
            await next(context);
            return;
        }
        counters.Count(context);
        var rule = faults.Strike(context.Request.Method, path.Value ?? "/");
        if (rule is null)
            await next(context);
        else
            await FaultyAnswer.GiveAsync(rule, context, next);
    }

    private IResult ShowFaults()
        => SandboxJson.Json(new JsonObject { ["rules"] = JsonSerializer.SerializeToNode(faults.Rules, SandboxJson.Wire) });

    // The wire says "status" for the code, as the rule's kind is called too.
    private async Task<IResult> SetFaultsAsync(HttpRequest request)
    {
        var body = await SandboxJson.ReadAsync(request);
        if (body?["rules"] is not JsonArray rules)
            return Wrong("a body {\"rules\":[…]} is wanted");
        var parsed = new List<FaultRule>();
        foreach (var node in rules.OfType<JsonObject>())
        {
            if (node["status"] is { } status)
                node["code"] = status.DeepClone();
            try
            {
                parsed.Add(node.Deserialize<FaultRule>(SandboxJson.Wire)!);
            }
            catch (JsonException problem)
            {
                return Wrong(problem.Message);
            }
        }
        var unknown = parsed.Find(rule => !FaultRule.HttpKinds.Contains(rule.Kind) && !FaultRule.TransferKinds.Contains(rule.Kind));
        if (unknown is not null)
            return Wrong($"unknown kind {unknown.Kind}; known: {string.Join(", ", [.. FaultRule.HttpKinds, .. FaultRule.TransferKinds])}");
        if (parsed.Exists(rule => !rule.Match.Contains(" /", StringComparison.Ordinal)))
            return Wrong("match is written \"METHOD /path\"");
        faults.Replace(body["append"]?.GetValue<bool>() == true ? [.. faults.Rules, .. parsed] : parsed);
        return ShowFaults();
    }

    private IResult ShowCounters()
    {
        var figures = app.Figures();
        figures["since"] = counters.Since.ToString("O");
        figures["requests"] = JsonSerializer.SerializeToNode(counters.Requests);
        return SandboxJson.Json(figures);
    }

    private IResult Reset()
    {
        faults.Replace([]);
        clock.Offset = TimeSpan.Zero;
        app.Reset();
        counters.Reset();
        return Results.NoContent();
    }

    private IResult ShowClock() => SandboxJson.Json(new JsonObject
    {
        ["now"] = clock.GetUtcNow().ToString("O"),
        ["offsetSeconds"] = clock.Offset.TotalSeconds,
    });

    private async Task<IResult> SetClockAsync(HttpRequest request)
    {
        if (await SandboxJson.ReadAsync(request) is not JsonObject body || body["offsetSeconds"]?.GetValueKind() != JsonValueKind.Number)
            return Wrong("a body {\"offsetSeconds\":N} is wanted");
        clock.Offset = TimeSpan.FromSeconds(body["offsetSeconds"]!.GetValue<double>());
        return ShowClock();
    }

    private static IResult Wrong(string message) => SandboxJson.Json(new JsonObject { ["error"] = message }, 400);
}
