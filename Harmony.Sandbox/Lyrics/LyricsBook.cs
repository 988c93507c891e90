using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Sandbox.Catalog;

namespace Harmony.Sandbox.Lyrics;

internal enum LyricsForm
{
    Synced,
    Plain,
    Instrumental,
    Missing,
}

/// <summary>Words for every recording but some: drawn, stamped within the recording's length.</summary>
internal sealed class LyricsBook
{
    private static readonly string[] Lines =
    [
        "We left the harbour with the lights still low", "And every window had a name to show",
        "The river kept the letters that you wrote", "I counted all the pockets of your coat", "Hold on, hold on, the morning comes around",
        "A paper sky is folding without sound", "No one remembers who was first to leave", "The weather wears its heart upon its sleeve",
        "So turn the wheel and let the engine sing", "There is no end to any little thing", "Är du vaken, säg mig var du är", "Ooh, ooh",
    ];

    // Numbers of the further artists' entries begin here, with room for so many tracks each.
    private const int FirstFurtherId = 1_000_000;
    private const int MostTracks = 2_000;

    private readonly SandboxCatalog _catalog;
    private readonly int _seed;
    private readonly IReadOnlyList<LyricsEntry> _first;
    private readonly ILookup<string, LyricsEntry> _byName;
    private readonly ConcurrentDictionary<int, IReadOnlyList<LyricsEntry>> _further = new();

    public LyricsBook(SandboxCatalog catalog, int seed)
    {
        (_catalog, _seed) = (catalog, seed);
        _first = EntriesOf(catalog.First, 1000);
        _byName = _first.ToLookup(entry => KeyOf(entry.Artist, entry.Title), StringComparer.Ordinal);
    }

    public LyricsEntry? Find(int id) => id < FirstFurtherId
        ? _first.FirstOrDefault(entry => entry.Id == id)
        : _catalog.Further.Where(artist => artist.Number == (id - FirstFurtherId) / MostTracks).SelectMany(EntriesOf).FirstOrDefault(entry => entry.Id == id);

    public IEnumerable<LyricsEntry> Named(string artist, string title)
    {
        var key = KeyOf(artist, title);
        return _byName[key].Concat(_catalog.Named(PlainText.Words(artist)).SelectMany(EntriesOf).Where(entry => KeyOf(entry.Artist, entry.Title) == key));
    }

    /// <summary>Everything in which all the words may be found.</summary>
    public IEnumerable<LyricsEntry> Among(IReadOnlyCollection<string> words) => _first.Concat(_catalog.With(words).SelectMany(EntriesOf));

    public static LyricsForm FormOf(int seed, CatalogTrack track) => new Dice(seed, $"lyrics {track.Id}").Below(10) switch
    {
        0 => LyricsForm.Missing,
        1 => LyricsForm.Instrumental,
        2 or 3 => LyricsForm.Plain,
        _ => LyricsForm.Synced,
    };

    public JsonObject Describe(LyricsEntry entry)
    {
        var lines = entry.Form == LyricsForm.Instrumental ? [] : Words(entry);
        return new JsonObject
        {
            ["id"] = entry.Id,
            ["name"] = entry.Title,
            ["trackName"] = entry.Title,
            ["artistName"] = entry.Artist,
            ["albumName"] = entry.Album,
            ["duration"] = entry.DurationMs / 1000.0,
            ["instrumental"] = entry.Form == LyricsForm.Instrumental,
            ["plainLyrics"] = lines.Count == 0 ? null : string.Join('\n', lines),
            ["syncedLyrics"] = entry.Form == LyricsForm.Synced ? Stamped(lines, entry.DurationMs) : null,
        };
    }

    private IReadOnlyList<LyricsEntry> EntriesOf(FurtherArtist artist) =>
        _further.GetOrAdd(artist.Number, _ => EntriesOf(artist.Part, FirstFurtherId + (artist.Number * MostTracks)));

    private List<LyricsEntry> EntriesOf(CatalogPart part, int firstId) =>
        [.. part.Tracks.Select((track, i) => Entry(track, part.Release(track.ReleaseId)!, i + firstId)).Where(entry => entry.Form != LyricsForm.Missing)];

    private LyricsEntry Entry(CatalogTrack track, CatalogRelease release, int id)
        => new(id, track.Title, track.ArtistName, release.Title, track.DurationMs, FormOf(_seed, track));

    private List<string> Words(LyricsEntry entry)
    {
        var dice = new Dice(_seed, $"words {entry.Id}");
        return [.. Enumerable.Range(0, entry.DurationMs / 3000).Select(_ => dice.Pick(Lines)).Prepend(entry.Title)];
    }

    private static string Stamped(List<string> lines, int durationMs)
    {
        var text = new StringBuilder();
        for (var i = 0; i < lines.Count; i++)
        {
            var at = TimeSpan.FromMilliseconds(500 + ((double)i * (durationMs - 1000) / lines.Count));
            text.Append(CultureInfo.InvariantCulture, $"[{(int)at.TotalMinutes:00}:{at.Seconds:00}.{at.Milliseconds / 10:00}] {lines[i]}\n");
        }
        return text.ToString().TrimEnd('\n');
    }

    private static string KeyOf(string artist, string title)
        => $"{string.Join(' ', PlainText.Words(artist))}\n{string.Join(' ', PlainText.Words(title))}";
}

internal sealed record LyricsEntry(int Id, string Title, string Artist, string Album, int DurationMs, LyricsForm Form);
