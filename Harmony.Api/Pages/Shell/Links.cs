namespace Harmony.Api.Pages.Shell;

/// <summary>Addresses of pages, built in one place so that every value in them is escaped.</summary>
internal static class Links
{
    public static string Job(long jobId) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/ui/jobs/{jobId}");

    public static string Artist(string artistKey) => $"/ui/artists/{Uri.EscapeDataString(artistKey)}";

    public static string Watch(string artistKey, string action) => $"/ui/watchlist/{Uri.EscapeDataString(artistKey)}/{action}";

    /// <summary>The path with those parameters that have a value.</summary>
    public static string With(string path, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var query = new QueryString();
        foreach (var (name, value) in parameters)
        {
            if (Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) is { Length: > 0 } text)
                query = query.Add(name, text);
        }

        return path + query.ToUriComponent();
    }
}
