using Harmony.Jobs.Providers.Slskd;
using Harmony.Jobs.Titles;

namespace Harmony.Jobs.Downloads.Candidates;

/// <summary>One file of one peer.</summary>
internal sealed record Offer(SlskdPeerResponse Peer, SlskdFile File, RemotePath Path)
{
    public string? Format { get; } = AudioFormat.Of(File, (File.Extension is { Length: > 0 } given ? given.TrimStart('.').ToLowerInvariant() : null) ?? Path.Extension);

    /// <summary>Folders and name in one text, for word searches.</summary>
    public string Words { get; } = TitleText.Normalise(string.Join(' ', Path.Folders) + " " + Path.Stem);

    public Candidate ToCandidate() =>
        new(
            Peer.Username,
            File.Filename,
            File.Size,
            Format ?? Path.Extension.ToUpperInvariant(),
            File.BitRate,
            File.BitDepth,
            File.SampleRate,
            File.Length,
            Peer.HasFreeUploadSlot,
            Peer.QueueLength,
            Peer.UploadSpeed);
}
