using System.Globalization;
using Harmony.Api.Access;
using Harmony.Api.Pages.Shell;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Jobs;

/// <summary>The filter of the jobs page in addresses and forms.</summary>
internal static class JobsQuery
{
    public static JobFilter Of(PageRequest request) =>
        Of(request.Text, request.Frame.Role) with { Parent = request.Number("parent"), Before = request.Number("before") };

    public static JobFilter Of(Func<string, string?> text, string role)
    {
        var key = text("key");
        var isId = long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var id);
        return new JobFilter
        {
            State = HangfireStates.All.FirstOrDefault(s => string.Equals(s, text("state"), StringComparison.OrdinalIgnoreCase)),
            Kind = text("kind"),
            Lane = text("lane"),
            Id = isId ? id : null,
            Key = isId ? null : key,
            Text = text("text"),
            // A reader who may not see arguments must not discover them by a search.
            InArguments = role != Roles.Viewer,
        };
    }

    /// <summary>The address of the filter, with <paramref name="state"/> as its state.</summary>
    public static string Address(string path, JobFilter filter, string? state, params ReadOnlySpan<(string Name, object? Value)> more) =>
        Links.With(
            path,
            [
                ("state", state), ("kind", filter.Kind), ("lane", filter.Lane), ("key", (object?)filter.Id ?? filter.Key),
                ("parent", filter.Parent), ("text", filter.Text), .. more,
            ]);
}
