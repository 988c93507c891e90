using Harmony.Data;
using Npgsql;

namespace Harmony.Orchestrator;

/// <summary>The user of Hangfire's dashboard during a request: changes are audited with that name.</summary>
public sealed class DashboardUser(string connectionString)
{
    private readonly SignedConnections _connections = new(connectionString, "harmony-dashboard");
    private readonly AsyncLocal<string?> _name = new();

    public string? Name
    {
        get => _name.Value;
        set => _name.Value = value;
    }

    internal NpgsqlConnection? Connect() => Name is { } name ? _connections.Create(name) : null;
}
