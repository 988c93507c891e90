using Harmony.Jobs.Titles;

namespace Harmony.Jobs.Downloads.Candidates;

/// <summary>The reasons to reject a file. Missing data of a peer is never a reason.</summary>
internal sealed class CandidateRules
{
    /// <summary>The number of rules a file has passed that is rejected only because its peer is denied for now.</summary>
    public const int AllButDenied = 7;

    /// <summary>The number of rules a file has passed that has the right title.</summary>
    public const int Title = 2;

    private readonly WantedTrack _wanted;
    private readonly RankingOptions _options;
    private readonly TitleMatch _title;
    private readonly ArtistMatch _artist;
    private readonly IReadOnlySet<string> _wantedVersions;
    private readonly IReadOnlySet<string> _declaredVersions;
    private readonly Func<Offer, string?>[] _rules;

    public CandidateRules(WantedTrack wanted, RankingOptions options)
    {
        (_wanted, _options) = (wanted, options);
        _title = new TitleMatch(wanted.Artist, wanted.Title);
        _artist = new ArtistMatch(wanted.Artist);
        // A word in the name of the artist or the album says nothing about the recording.
        _wantedVersions = VersionWords.In($"{wanted.Title} {wanted.Album} {wanted.Artist}");
        _declaredVersions = VersionWords.Declared(wanted.Title);
        _rules = [Unusable, WrongTitle, WrongArtist, WrongVersion, WrongLength, WrongQuality, Locked, Denied];
    }

    /// <summary>Null: the file is accepted. The later the rule that rejects a file, the closer it came.</summary>
    public Rejection? Reject(Offer offer)
    {
        for (var passed = 0; passed < _rules.Length; passed++)
        {
            if (_rules[passed](offer) is { } sentence)
                return new(passed, sentence);
        }

        return null;
    }

    private static string? Unusable(Offer offer)
    {
        if (RemotePath.IsUnsafe(offer.File.Filename))
            return "The name of the file is unsafe.";

        if (offer.Format is null)
            return offer.Path.Extension.Length == 0 ? "The file has no extension." : $"A .{offer.Path.Extension} file is no audio.";

        return null;
    }

    private string? WrongTitle(Offer offer)
    {
        var (similarity, numberDiffers) = _title.Of(offer.Path);
        if (similarity < _options.MinTitleSimilarity)
            return $"“{offer.Path.Stem}” does not name “{_wanted.Title}” ({similarity:P0} alike).";

        return numberDiffers ? $"“{offer.Path.Stem}” has another number in its title than “{_wanted.Title}”." : null;
    }

    private string? WrongArtist(Offer offer) =>
        _artist.Of(offer.Path) < _options.MinArtistSimilarity ? $"Neither folders nor name tell of {_wanted.Artist}." : null;

    private static string? Locked(Offer offer) =>
        offer.File.IsLocked ? $"{offer.Peer.Username} shares this file with chosen users only." : null;

    private string? Denied(Offer offer) =>
        _wanted.DeniedPeers?.Contains(offer.Peer.Username) == true ? $"{offer.Peer.Username} has failed us with this track before." : null;

    private string? WrongVersion(Offer offer)
    {
        var offered = VersionWords.In(offer.Path.Stem)
            .Union(VersionWords.InFolder(offer.Path.AlbumFolder))
            .Union(offer.Path.Folders.SelectMany(VersionWords.FarAbove))
            .ToHashSet();
        if (offered.Except(_wantedVersions).FirstOrDefault() is { } surplus)
            return $"It is another version: {surplus}.";

        // “Live Forever (Live)”: the word is in the title, and says something about the recording besides.
        if (VersionWords.Declared(offer.Path.Stem).FirstOrDefault(version => IsOnceMore(version, offer.Path.Stem)) is { } once)
            return $"It is another version: {once}.";

        return _declaredVersions.Except(offered).FirstOrDefault() is { } lacking ? $"It is not the wanted version: {lacking}." : null;
    }

    private bool IsOnceMore(string version, string stem) =>
        VersionWords.CountOf(version, stem) > Math.Max(1, VersionWords.CountOf(version, $"{_wanted.Title} {_wanted.Artist}"));

    private string? WrongLength(Offer offer) =>
        _wanted.Duration is { } wanted
        && offer.File.Length is > 0 and var seconds
        && Math.Abs(seconds - wanted.TotalSeconds) > _options.DurationTolerance.TotalSeconds
            ? $"It lasts {seconds} s instead of {wanted.TotalSeconds:0} s."
            : null;

    private string? WrongQuality(Offer offer)
    {
        if (!_options.PreferredFormats.Contains(offer.Format!, StringComparer.OrdinalIgnoreCase))
            return $"{offer.Format} is not among the wanted formats.";

        return !AudioFormat.IsLossless(offer.Format!) && offer.File.BitRate is > 0 and var rate && rate < _options.MinBitRate
            ? $"{rate} kbit/s is less than {_options.MinBitRate}."
            : null;
    }
}

internal sealed record Rejection(int Passed, string Sentence);
