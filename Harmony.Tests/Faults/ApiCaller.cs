using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Harmony.Tests.Walks;

namespace Harmony.Tests.Faults;

/// <summary>Starts jobs and looks at lists, figures and pages all the time, and keeps what it was answered.</summary>
internal sealed class ApiCaller(HarmonyProcess api, CancellationToken over)
{
    private static readonly string[] Looks = ["/api/v1/jobs?limit=1", "/api/v1/status", "/ui/jobs", "/api/v1/ready", "/api/v1/metrics", "/ui"];

    private int _answered;

    /// <summary>The jobs the API said it has accepted.</summary>
    public List<long> Accepted { get; } = [];

    /// <summary>Answers of 503 that say when to come back.</summary>
    public int Refused { get; private set; }

    /// <summary>Every answer that is neither.</summary>
    public List<string> Strange { get; } = [];

    /// <summary>What it asked last; its answer may still be awaited.</summary>
    public string Asking { get; private set; } = "";

    public string Tally => $"{_answered} answers, {Accepted.Count} jobs accepted, {Refused} times 503, {Strange.Count} strange; the last asked was {Asking}";

    public async Task CallAsync()
    {
        while (!over.IsCancellationRequested)
        {
            await AskAsync("POST /api/v1/jobs", () => api.PostAsync("/api/v1/jobs", new { kind = "noop", args = new { n = _answered } }));
            var look = Looks[_answered / 2 % Looks.Length];
            await AskAsync(look, () => api.GetAsync(look));
            await Task.WhenAny(Task.Delay(100, over));
        }
    }

    // No answer at all is as strange as a wrong one, and must not end the asking.
    private async Task AskAsync(string what, Func<Task<HttpResponseMessage>> ask)
    {
        Asking = what;
        try
        {
            using var answer = await ask();
            await AnsweredAsync(answer);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            Strange.Add($"no answer to {what}: {e}");
        }
    }

    private async Task AnsweredAsync(HttpResponseMessage answer)
    {
        _answered++;
        if (answer.StatusCode == HttpStatusCode.Accepted)
            Accepted.Add((await answer.Content.ReadFromJsonAsync<JsonElement>(CancellationToken.None)).GetProperty("job_id").GetInt64());
        else if (answer.StatusCode == HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter is not null)
            Refused++;
        else if (answer.StatusCode != HttpStatusCode.OK)
            Strange.Add($"{(int)answer.StatusCode} {answer.RequestMessage?.RequestUri?.AbsolutePath}: {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
    }
}
