using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Audit;

public sealed record AuditModel(AuditQuery Query, IReadOnlyList<OperatorAction> Items, DateTimeOffset Now)
{
    public const int Most = 100;
}
