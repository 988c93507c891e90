using System.Globalization;

namespace Harmony.Api.Dashboards;

/// <summary>The page of ours that shows the job of one of the dashboard's pages.</summary>
internal static class OurJobPage
{
    public static string For(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries) is ["jobs", "details", var id]
        && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? string.Create(CultureInfo.InvariantCulture, $"/ui/jobs/{number}")
            : "/ui/jobs";
}
