using Harmony.Api.Pages.Shell;
using Harmony.Data.Downloads;

namespace Harmony.Api.Pages.Downloads;

/// <summary>The progress of a download in words.</summary>
internal static class StageWords
{
    public static string Of(Download download) => download.State switch
    {
        DownloadState.DeadLetter => "Dead letter",
        DownloadState.Failed => "Failed",
        DownloadState.Cancelled => "Cancelled",
        _ => download.Stage switch
        {
            DownloadStage.Wanted => "Waiting",
            DownloadStage.Searching => "Searching peers",
            DownloadStage.Chosen => "Peer chosen",
            DownloadStage.Requested => download.QueuedAt is null ? "Asking the peer" : "Queued at the peer",
            DownloadStage.Transferring => "Transferring",
            DownloadStage.Landed => "Checking the file",
            DownloadStage.Verified => "Writing tags",
            DownloadStage.Tagged => "Moving to the library",
            DownloadStage.Shelved or DownloadStage.Done => "In the library",
            _ => download.Stage,
        },
    };

    public static string Tone(Download download) => download.State switch
    {
        DownloadState.Completed => "tone-done",
        DownloadState.Downloading => "tone-run",
        DownloadState.Queued => "tone-wait",
        DownloadState.Cancelled => "tone-gone",
        _ => "tone-dead",
    };

    /// <summary>The mean speed since the request to the peer; null before the first byte.</summary>
    public static string? Speed(Download download)
    {
        if (download is not { Stage: DownloadStage.Transferring, Bytes: > 0, ProgressAt: { } last } || (download.QueuedAt ?? download.RequestedAt) is not { } began)
            return null;

        var seconds = (last - began).TotalSeconds;
        return seconds < 0.5 ? null : $"{Words.Bytes((long)(download.Bytes / seconds))}/s";
    }

    /// <summary>"3.1 of 31.0 MB": the unit once, if both have the same.</summary>
    public static string Amount(Download download)
    {
        var done = Words.Bytes(download.Bytes);
        if (download.BytesTotal is not { } bytes)
            return done;

        var total = Words.Bytes(bytes);
        var unit = total[total.IndexOf(' ', StringComparison.Ordinal)..];
        return done.EndsWith(unit, StringComparison.Ordinal) ? $"{done[..^unit.Length]} of {total}" : $"{done} of {total}";
    }
}
