namespace Harmony.Api.Dashboards;

/// <summary>The permissions of a user of the dashboard; each includes those before it.</summary>
internal enum DashboardAccess
{
    None,
    Read,
    Write,

    /// <summary>May also delete dead letters.</summary>
    Purge,
}
