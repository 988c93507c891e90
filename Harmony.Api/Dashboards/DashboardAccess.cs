namespace Harmony.Api.Dashboards;

public enum DashboardAccess
{
    None,
    Read,
    Write,
}
