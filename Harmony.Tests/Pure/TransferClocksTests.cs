using Harmony.Data.Downloads;
using Harmony.Jobs.Downloads;
using Harmony.Jobs.Providers.Slskd;

namespace Harmony.Tests.Pure;

[TestClass]
internal sealed class TransferClocksTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Batch = BatchId.OfDownload(7, 1, DateTimeOffset.UnixEpoch);
    private static readonly TransferLimits Limits = new();

    [TestMethod]
    [DataRow("Requested", 59, TransferOutcome.Waiting, "waiting")]
    [DataRow("Requested", 61, TransferOutcome.Failed, "no_acknowledgement")]
    [DataRow("Queued, Locally", 599, TransferOutcome.Waiting, "waiting")]
    [DataRow("Queued, Locally", 601, TransferOutcome.Failed, "queued_too_long")]
    [DataRow("InProgress", 119, TransferOutcome.Waiting, "waiting")]
    [DataRow("InProgress", 121, TransferOutcome.Failed, "no_progress")]
    [DataRow("Completed, Succeeded", 1, TransferOutcome.Succeeded, "succeeded")]
    [DataRow("Completed, Rejected", 1, TransferOutcome.Failed, "transfer_rejected")]
    [DataRow("Completed, Errored", 1, TransferOutcome.Failed, "transfer_errored")]
    public void Each_state_has_its_timeout(string state, int seconds, TransferOutcome outcome, string code)
    {
        var verdict = Judge(Row(seconds), Seen(state));

        Assert.AreEqual(outcome, verdict.Outcome);
        Assert.AreEqual(code, verdict.ReasonCode);
        Assert.Contains("alice", verdict.Sentence, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("InProgress", null, TransferOutcome.Lost, "restarted")]
    [DataRow("Completed, Aborted", "Transfer aborted: the remote size of 695141 does not match expected size 1000", TransferOutcome.Failed, "size_changed")]
    public void A_restart_and_a_replaced_file_are_told_apart(string state, string? exception, TransferOutcome outcome, string code)
    {
        var verdict = Judge(Row(5), Seen(state) with { BatchId = code == "restarted" ? null : Batch, Exception = exception });

        Assert.AreEqual((outcome, code), (verdict.Outcome, verdict.ReasonCode));
    }

    [TestMethod]
    public void The_queue_timeout_starts_at_the_remote_queue()
    {
        var row = Row(3000) with { QueuedAt = Start.AddSeconds(2500) };

        Assert.AreEqual(TransferOutcome.Waiting, Judge(row, Seen("Queued, Remotely")).Outcome);
        Assert.AreEqual("queued_too_long", Judge(row with { QueuedAt = Start.AddSeconds(2399) }, Seen("Queued, Remotely")).ReasonCode);
    }

    [TestMethod]
    public void A_moving_queue_is_not_timed_out()
    {
        var row = Row(3000) with { QueuedAt = Start };
        var other = Seen("InProgress") with { Filename = "another.flac" };
        var elsewhere = other with { Username = "bob" };
        var queued = Seen("Queued, Remotely");

        Assert.AreEqual(TransferOutcome.Waiting, TransferClocks.Judge(row, queued, new SlskdDownloads([queued, other]), Limits).Outcome);
        Assert.AreEqual(TransferOutcome.Failed, TransferClocks.Judge(row, queued, new SlskdDownloads([queued, elsewhere]), Limits).Outcome);
    }

    [TestMethod]
    public void Received_bytes_restart_the_progress_timeout()
    {
        var row = Row(1000) with { ProgressAt = Start.AddSeconds(900) };

        Assert.AreEqual(TransferOutcome.Waiting, Judge(row, Seen("InProgress")).Outcome);
        Assert.AreEqual("no_progress", Judge(row with { ProgressAt = Start.AddSeconds(879) }, Seen("InProgress")).ReasonCode);
    }

    [TestMethod]
    public void The_acknowledgement_timeout_starts_at_the_request()
    {
        var row = Row(300) with { ProgressAt = Start.AddSeconds(241) };

        Assert.AreEqual(TransferOutcome.Waiting, Judge(row, Seen("Requested")).Outcome);
        Assert.AreEqual("no_acknowledgement", Judge(row with { ProgressAt = Start.AddSeconds(239) }, Seen("Requested")).ReasonCode);
    }

    [TestMethod]
    public void An_error_text_alone_is_not_final() =>
        Assert.AreEqual(TransferOutcome.Waiting, Judge(Row(5), Seen("Queued, Locally") with { Exception = "connection lost" }).Outcome);

    [TestMethod]
    public void An_unlisted_transfer_is_lost_after_ten_seconds()
    {
        Assert.AreEqual(TransferOutcome.Waiting, Judge(Row(9), null).Outcome);
        Assert.AreEqual(TransferOutcome.Lost, Judge(Row(11), null).Outcome);
    }

    [TestMethod]
    [DataRow("Application shut down")]
    [DataRow("One or more errors occurred. (Operation cancelled)")]
    public void A_restart_of_slskd_does_not_blame_the_peer(string exception) =>
        Assert.AreEqual(TransferOutcome.Lost, Judge(Row(5), Seen("Completed, Errored") with { Exception = exception }).Outcome);

    [TestMethod]
    public void A_transfer_is_found_by_batch_or_by_file()
    {
        var row = Row(5);
        var old = Seen("Completed, Errored") with { Id = "old" };
        var renewed = Seen("InProgress") with { Id = "new", BatchId = null };
        var foreign = Seen("Completed, Succeeded") with { Id = "foreign", BatchId = BatchId.OfDownload(8, 1, DateTimeOffset.UnixEpoch) };

        Assert.AreEqual("old", new SlskdDownloads([foreign, old]).Find(row)!.Id);
        Assert.AreEqual("new", new SlskdDownloads([old, renewed, foreign]).Find(row)!.Id);
        Assert.IsNull(new SlskdDownloads([foreign, renewed with { Username = "bob" }]).Find(row));
    }

    [TestMethod]
    public void A_transfer_without_a_batch_is_ignored() =>
        Assert.IsNull(new SlskdDownloads([Seen("Completed, Succeeded") with { BatchId = null }]).Find(Row(5)));

    [TestMethod]
    public void Only_a_changed_transfer_is_an_update()
    {
        var row = Row(5) with { TransferState = "InProgress", SlskdTransferId = "t1", Bytes = 500, BytesTotal = 1000 };

        Assert.IsNull(TransferChanges.Of(row, Seen("InProgress") with { BytesTransferred = 500 }));
        Assert.IsNull(TransferChanges.Of(row, null));
        Assert.AreEqual(75.0, TransferChanges.Of(row, Seen("InProgress") with { BytesTransferred = 750 })!.Progress);
        Assert.AreEqual(100.0, TransferChanges.Of(row, Seen("InProgress") with { BytesTransferred = 5000 })!.Progress);
    }

    private static TransferVerdict Judge(Transfer row, SlskdTransfer? seen) =>
        TransferClocks.Judge(row, seen, new SlskdDownloads(seen is null ? [] : [seen with { Username = "alice", State = seen.State == "InProgress" ? "Initializing" : seen.State }]), Limits);

    private static Transfer Row(int secondsLater) => new()
    {
        Id = 7,
        SlskdBatchId = Batch,
        Username = "alice",
        Filename = @"Music\a.flac",
        RequestedAt = Start,
        Bytes = 0,
        Now = Start.AddSeconds(secondsLater),
    };

    private static SlskdTransfer Seen(string state) =>
        new("t1", Batch, "alice", @"Music\a.flac", 1000, state, 0, 0, 0, null, null);
}
