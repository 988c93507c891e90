using System.Runtime.CompilerServices;
using Npgsql;

namespace Harmony.Data.Evictions;

/// <param name="ArtistKey">Null when so many changed that nothing may be kept.</param>
/// <param name="Asked">Somebody demands it; else a commit tells it.</param>
public sealed record EvictionNotice(string? ArtistKey, bool Asked)
{
    internal static EvictionNotice Of(string payload) => payload switch
    {
        "*" => new(null, Asked: false),
        ['!', .. var key] => new(key, Asked: true),
        _ => new(payload, Asked: false),
    };
}

/// <summary>Tells every process that keeps answers which artist changed: triggers do it as part of a commit, and whoever wants an artist forgotten.</summary>
/// <param name="line">A connection of one's own, not open yet.</param>
public sealed class EvictionNotices(Database database, Func<NpgsqlConnection> line)
{
    // How long the line may be silent until it is asked, and how long it then has for the answer.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    /// <summary>Forgets the artist's answers in every process, whether or not commits do so by themselves.</summary>
    public Task AskAsync(string artistKey, CancellationToken cancellationToken) =>
        database.ExecuteAsync("select pg_notify('harmony_evict', '!' || @artistKey)", new { artistKey }, cancellationToken);

    /// <summary>
    /// Listens on one connection until it is lost, which is an exception. Null is a sign of life: the line is good, and what was told has been passed on.
    /// The first null comes when listening has begun; what was committed before that is not told.
    /// </summary>
    public async IAsyncEnumerable<EvictionNotice?> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var heard = new Queue<string>();
        await using var connection = line();
        connection.Notification += (_, notice) => heard.Enqueue(notice.Payload);
        await connection.OpenAsync(cancellationToken);
        // Asking again changes nothing, and its answer says that the line is there.
        await using var listen = new NpgsqlCommand("listen harmony_evict", connection) { CommandTimeout = (int)Quiet.TotalSeconds };
        await listen.ExecuteNonQueryAsync(cancellationToken);
        while (true)
        {
            while (heard.TryDequeue(out var payload))
                yield return EvictionNotice.Of(payload);
            yield return null;
            if (!await connection.WaitAsync(Quiet, cancellationToken))
                await listen.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
