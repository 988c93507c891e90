using Npgsql;

namespace Harmony.Data;

/// <summary>One open transaction, passed on by hand: what is written through it lands together or not at all.</summary>
public sealed record Work(NpgsqlConnection Connection, NpgsqlTransaction Transaction);
