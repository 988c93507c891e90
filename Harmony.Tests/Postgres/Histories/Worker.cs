namespace Harmony.Tests.Postgres.Histories;

/// <summary>A run that a worker believes to hold.</summary>
internal sealed record Held(long TicketId, long JobId, long Fence, string Kind, int Attempts);

/// <summary>One process: after a kill the next one takes its place, under a new id and with empty hands.</summary>
internal sealed class Worker(int number)
{
    private int _life;

    public string Id => $"worker{number}:{_life}:{number}{_life}";

    public List<Held> Holds { get; } = [];

    public void Die()
    {
        Holds.Clear();
        _life++;
    }
}

/// <summary>The lease of a run that was fetched, by the fleet's clock: until it is over nobody may take the job over.</summary>
internal sealed record Lease(long Fence, DateTimeOffset Until);

internal sealed class BrokenRuleException(string message) : Exception(message);
