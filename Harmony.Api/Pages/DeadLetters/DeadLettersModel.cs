using Harmony.Orchestrator;

namespace Harmony.Api.Pages.DeadLetters;

public sealed record DeadLettersModel(
    JobFilter Filter, IReadOnlyList<DeadLetterGroup> Groups, IReadOnlyList<JobLine> Items, DateTimeOffset Now)
{
    public const int Most = 50;

    public long Total => Groups.Sum(g => g.Jobs);
}
