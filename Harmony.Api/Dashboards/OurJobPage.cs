using System.Globalization;

namespace Harmony.Api.Dashboards;

/// <summary>Our page for the job of a dashboard page.</summary>
internal static class OurJobPage
{
    public static string For(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries) is ["jobs", "details", var id]
        && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? string.Create(CultureInfo.InvariantCulture, $"/ui/jobs/{number}")
            : "/ui/jobs";
}
