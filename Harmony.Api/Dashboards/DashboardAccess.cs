namespace Harmony.Api.Dashboards;

/// <summary>What somebody may do there; each includes what is before it.</summary>
internal enum DashboardAccess
{
    None,
    Read,
    Write,

    /// <summary>Also delete dead letters.</summary>
    Purge,
}
