using System.Net.Sockets;
using Npgsql;

namespace Harmony.Data;

/// <summary>Classifies errors of the database for a caller that may try again.</summary>
public static class DatabaseErrors
{
    /// <summary>The database is not available for a moment: connection (08), resources (53), shutting down or starting up (57).</summary>
    public static bool IsTransient(Exception e) => e switch
    {
        PostgresException postgres => postgres.SqlState.StartsWith("08", StringComparison.Ordinal)
            || postgres.SqlState.StartsWith("53", StringComparison.Ordinal)
            || postgres.SqlState.StartsWith("57", StringComparison.Ordinal),
        NpgsqlException npgsql => npgsql.IsTransient,
        _ => e is TimeoutException or SocketException,
    };

    /// <summary>The database refused, or it cannot be reached.</summary>
    public static bool IsDatabaseError(Exception e) => e is NpgsqlException or SocketException or TimeoutException;

    /// <summary>A loop that runs as long as the process reports these and continues: the session is broken, or the call was cancelled.</summary>
    public static bool EndsOneTry(Exception e) =>
        IsDatabaseError(e) || e is IOException or OperationCanceledException or InvalidOperationException;
}
