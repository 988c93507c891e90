using System.Globalization;
using System.Text.RegularExpressions;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Files;

/// <summary>The path of a track in the library: a template of names, each sanitised before it becomes part of a path.</summary>
public sealed partial class LibraryPath
{
    public const string DefaultTemplate = "{Artist}/{Album}/{NN} - {Title}.{ext}";

    private static readonly string[] Tokens = ["Artist", "AlbumArtist", "Album", "Title", "NN", "Track", "Disc", "Year", "ext"];

    private readonly string _root;
    private readonly string[] _parts;
    private readonly bool _namesDisc;

    public LibraryPath(string root, string template)
    {
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        var relative = Relative(template, _root);
        if (Fault(relative) is { } fault)
            throw new ArgumentException($"MOVE_TEMPLATE {fault}: {template}", nameof(template));

        _parts = relative.Split('/');
        _namesDisc = relative.Contains("{Disc", StringComparison.Ordinal);
    }

    public string For(ShelfTrack track)
    {
        var extension = "." + Extension(track.Extension);
        var path = _root;
        for (var index = 0; index < _parts.Length; index++)
        {
            var isFile = index == _parts.Length - 1;
            var pattern = isFile ? _parts[index][..^".{ext}".Length] : _parts[index];
            var name = Token().Replace(pattern, token => Value(token, track));
            path = Path.Combine(path, PathPart.Shorten(PathPart.Clean(name, "_"), isFile ? extension : ""));
        }

        // The parts cannot leave the library; this check protects against later changes of how they are made.
        return Path.GetFullPath(path).StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new PermanentJobException("unsafe_path", $"the path made for “{track.Title}” leaves the library");
    }

    /// <summary>The same for a template that may begin with the library's own folder.</summary>
    public static string? Fault(string root, string template) => Fault(Relative(template, Path.TrimEndingDirectorySeparator(Path.GetFullPath(root))));

    /// <summary>Null when the template is valid, else the error.</summary>
    public static string? Fault(string template)
    {
        var parts = template.Split('/');
        var unknown = AnyBraces().Matches(template).Select(match => match.Value).FirstOrDefault(braces => !Token().IsMatch(braces));
        return template switch
        {
            "" => "is empty",
            _ when Path.IsPathRooted(template) => "must be relative to MUSIC_DIR",
            _ when unknown is not null => $"has {unknown}, which is none of {string.Join(' ', Tokens.Select(token => $"{{{token}}}"))}",
            _ when AnyBraces().Replace(template, "").AsSpan().IndexOfAny('{', '}') >= 0 => "has an open brace",
            _ when Array.Exists(parts, part => part.Trim() is "" or "." or "..") => "has an empty part or a part of dots",
            _ when template.Contains('\\', StringComparison.Ordinal) || template.Any(char.IsControl) => "has a backslash or a control character",
            _ when !parts[^1].EndsWith(".{ext}", StringComparison.Ordinal) => "must end in .{ext}",
            _ when !parts[^1].Contains("{Title}", StringComparison.Ordinal) => "must name each file by its {Title}",
            _ => null,
        };
    }

    // Old configurations repeat MUSIC_DIR in front of the template; literally that would be music/music.
    private static string Relative(string template, string root) =>
        template.StartsWith(root + "/", StringComparison.Ordinal) ? template[(root.Length + 1)..] : template;

    private string Value(Match token, ShelfTrack track) => token.Groups["name"].Value switch
    {
        "Artist" => PathPart.Clean(track.Artist, "Unknown Artist"),
        "AlbumArtist" => PathPart.Clean(track.AlbumArtist ?? track.Artist, "Unknown Artist"),
        "Album" => PathPart.Clean(track.Album, "Unknown Album"),
        "Title" => PathPart.Clean(track.Title, "Unknown Title"),
        "Disc" => Number(track.DiscNumber, token, 1),
        "Year" => track.Date is { Length: >= 4 } date && date.AsSpan(0, 4).IndexOfAnyExceptInRange('0', '9') < 0 ? date[..4] : "Unknown Year",
        // Two discs have a track 1 each: where the template does not distinguish the discs, the number does.
        _ when track.DiscCount > 1 && !_namesDisc => $"{Math.Max(1, track.DiscNumber).ToString(CultureInfo.InvariantCulture)}-{Number(track.TrackNumber, token, 2)}",
        _ => Number(track.TrackNumber, token, 2),
    };

    private static string Number(int number, Match token, int width)
    {
        var digits = token.Groups["width"] is { Success: true } given ? int.Parse(given.ValueSpan, CultureInfo.InvariantCulture) : width;
        return Math.Max(0, number).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    private static string Extension(string extension)
    {
        var letters = string.Concat(extension.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit).Take(8));
        return letters.Length > 0
            ? letters
            : throw new PermanentJobException("unsafe_path", $"“{extension}” is no file extension");
    }

    // Track, Disc and NN may have a width, as in {Track:02d}.
    [GeneratedRegex(@"\{(?<name>Artist|AlbumArtist|Album|Title|Year|ext|NN|Track|Disc)(?:(?<=NN|Track|Disc):0?(?<width>[1-9])d?)?\}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Token();

    [GeneratedRegex(@"\{[^{}]*\}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex AnyBraces();
}
