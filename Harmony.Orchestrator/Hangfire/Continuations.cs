using System.Globalization;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Harmony.Data;

namespace Harmony.Orchestrator;

/// <summary>
/// Starts the continuations of our jobs. Hangfire does it in a filter around each state change of the parent; SQL writes the
/// outcomes of our jobs, many at once, so continuations are searched afterwards.
/// </summary>
internal sealed class Continuations(Database database, IBackgroundJobClient client)
{
    private const int Limit = 200;

    public async Task StartReadyAsync(CancellationToken cancellationToken)
    {
        foreach (var ready in await database.QueryAsync<ReadyChild>(
            "select child, parent_state, next_state, options from harmony.ready_continuations(@Limit)", new { Limit }, cancellationToken))
        {
            client.ChangeState(ready.Child.ToString(CultureInfo.InvariantCulture), NextOf(ready), AwaitingState.StateName);
        }
    }

    private static IState NextOf(ReadyChild ready)
    {
        var wanted = ready.Options is { } text && Enum.TryParse<JobContinuationOptions>(text, out var options) ? options : JobContinuationOptions.OnlyOnSucceededState;
        var starts = wanted == JobContinuationOptions.OnAnyFinishedState
            || wanted.HasFlag(ready.ParentState == SucceededState.StateName ? JobContinuationOptions.OnlyOnSucceededState : JobContinuationOptions.OnlyOnDeletedState);
        if (!starts)
            return new DeletedState { Reason = "Continuation condition was not met" };
        try
        {
            return SerializationHelper.Deserialize<IState>(ready.NextState, SerializationOption.TypedInternal);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new FailedState(e) { Reason = "The continuation's next state cannot be read" };
        }
    }

    private sealed record ReadyChild
    {
        public required long Child { get; init; }

        public required string ParentState { get; init; }

        public string? NextState { get; init; }

        public string? Options { get; init; }
    }
}
