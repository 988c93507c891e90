using System.Runtime.CompilerServices;
using Npgsql;

namespace Harmony.Data.Evictions;

/// <param name="ArtistKey">Null when so many artists changed that all answers must be evicted.</param>
/// <param name="Asked">True for an explicit request; false when a commit sent it.</param>
public sealed record EvictionNotice(string? ArtistKey, bool Asked)
{
    internal static EvictionNotice Of(string payload) => payload switch
    {
        "*" => new(null, Asked: false),
        ['!', .. var key] => new(key, Asked: true),
        _ => new(payload, Asked: false),
    };
}

/// <summary>Notifies every process with cached answers of a changed artist: triggers do so as part of a commit, and explicit requests do so too.</summary>
/// <param name="line">A dedicated connection, not open yet.</param>
public sealed class EvictionNotices(Database database, Func<NpgsqlConnection> line)
{
    // How long the connection may be silent before it is checked, and the time limit of that check.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    /// <summary>Evicts the artist's answers in every process, whether or not commits notify by themselves.</summary>
    public Task AskAsync(string artistKey, CancellationToken cancellationToken) =>
        database.ExecuteAsync("select pg_notify('harmony_evict', '!' || @artistKey)", new { artistKey }, cancellationToken);

    /// <summary>
    /// Listens on one connection until it is lost, which is an exception. Null is a sign of life: the connection works, all notices are passed on.
    /// The first null comes when listening has begun; earlier commits are not reported.
    /// </summary>
    public async IAsyncEnumerable<EvictionNotice?> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var heard = new Queue<string>();
        await using var connection = line();
        connection.Notification += (_, notice) => heard.Enqueue(notice.Payload);
        await connection.OpenAsync(cancellationToken);
        // A repeated LISTEN changes nothing, and its answer proves that the connection works.
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
