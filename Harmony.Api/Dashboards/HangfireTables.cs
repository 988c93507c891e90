using Npgsql;

namespace Harmony.Api.Dashboards;

/// <summary>Where Hangfire's tables are.</summary>
/// <param name="Address">For connections in the name of who clicks.</param>
internal sealed record HangfireTables(NpgsqlDataSource Source, string Address, string Schema);
