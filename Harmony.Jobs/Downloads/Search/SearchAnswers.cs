using Harmony.Jobs.Downloads.Candidates;
using Harmony.Jobs.Providers.Slskd;

namespace Harmony.Jobs.Downloads.Search;

/// <summary>Selects the answers of a search to store: audio files, of a bounded number of peers. Pure.</summary>
internal static class SearchAnswers
{
    private const int MostPeers = 150;
    private const int MostFilesPerPeer = 200;

    public static IReadOnlyList<SlskdPeerResponse> Playable(IReadOnlyList<SlskdPeerResponse> answers) =>
        [
            .. answers
                .Select(peer => peer with { Files = [.. peer.Files.Where(IsAudio).Take(MostFilesPerPeer)] })
                .Where(peer => peer.Files.Count > 0)
                .OrderByDescending(peer => peer.HasFreeUploadSlot)
                .ThenBy(peer => peer.QueueLength)
                .ThenByDescending(peer => peer.UploadSpeed)
                .Take(MostPeers),
        ];

    private static bool IsAudio(SlskdFile file) => AudioFormat.IsAudio(Path.GetExtension(file.Filename));
}
