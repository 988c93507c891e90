using Npgsql;

namespace Harmony.Data;

/// <summary>One open transaction, passed explicitly: all its writes are committed together or not at all.</summary>
public sealed record Work(NpgsqlConnection Connection, NpgsqlTransaction Transaction);
