using System.Globalization;
using System.Text.Json;

namespace Harmony.Api.Configuration;

/// <summary>
/// <c>ORCH_PRIORITY_JSON</c> and <c>ORCH_PRIORITY_CSV</c>: which lanes come first. All other lanes keep 0 and are still served.
/// <c>ARTIST_PRIORITY</c> wins over both for the lanes of artist jobs.
/// </summary>
internal sealed class LanePriorities
{
    private const string Json = "ORCH_PRIORITY_JSON";
    private const string Csv = "ORCH_PRIORITY_CSV";
    private const string Artist = "ARTIST_PRIORITY";
    private static readonly string[] ArtistLanes = ["artists", "watchlist"];
    private readonly EngineNames _names;
    private readonly Dictionary<string, int> _values = new(StringComparer.Ordinal);

    public LanePriorities(EngineNames names, IReadOnlyDictionary<string, string> environment)
    {
        _names = names;
        var (json, csv) = (environment.GetValueOrDefault(Json, "").Trim(), environment.GetValueOrDefault(Csv, "").Trim());
        if (json.Length > 0)
        {
            if (csv.Length > 0)
                Warnings.Add($"{Csv} has no effect: {Json} is given, too.");
            TakeJson(json);
        }
        else if (csv.Length > 0)
        {
            TakeCsv(csv);
        }

        if (environment.GetValueOrDefault(Artist, "").Trim() is { Length: > 0 } artist)
            TakeArtist(artist);
    }

    public IReadOnlyDictionary<string, int> Values => _values;

    public List<SettingProblem> Problems { get; } = [];

    public List<string> Warnings { get; } = [];

    private void TakeJson(string text)
    {
        try
        {
            foreach (var (name, value) in JsonSerializer.Deserialize<Dictionary<string, int>>(text) ?? [])
                Take(Json, name, value);
        }
        catch (JsonException)
        {
            Malformed(Json, text, "a JSON object of lanes and whole numbers, such as {\"download\":100,\"search\":50}");
        }
    }

    private void TakeCsv(string text)
    {
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split([':', '='], 2, StringSplitOptions.TrimEntries) is [var name, var number] && int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
                Take(Csv, name, value);
            else
                Malformed(Csv, part, "lanes and whole numbers, such as download:100,search:50");
        }
    }

    private void TakeArtist(string text)
    {
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            Malformed(Artist, text, "a whole number such as 50");
            return;
        }

        foreach (var lane in ArtistLanes.Where(_names.Widths.ContainsKey))
            _values[lane] = value;
    }

    // Two kinds of one lane: the higher number wins. The origin ignored unknown names, so its .env may contain some.
    private void Take(string key, string name, int value)
    {
        var word = name.ToLowerInvariant();
        if (_names.LaneOf(word) is { } lane)
        {
            _values[lane] = Math.Max(value, _values.GetValueOrDefault(lane, int.MinValue));
        }
        else if (word == "retry")
        {
            Warnings.Add($"{key}: \"{name}\" has no effect any more. Failed jobs come back to their own lane.");
        }
        else
        {
            Warnings.Add(
                $"{key}: \"{Settings.Shown(name)}\" has no effect: there is no such lane or kind. Known: {string.Join(", ", _names.Widths.Keys.Order(StringComparer.Ordinal))}.");
        }
    }

    private void Malformed(string key, string value, string says) =>
        Problems.Add(new(ExitCode.Malformed, key, $"\"{Settings.Shown(value)}\" cannot be read.", $"Give {says}."));
}
