using Harmony.Orchestrator.Schedules;

namespace Harmony.Api.Pages.Schedules;

public sealed record SchedulesModel(IReadOnlyList<ScheduleLine> Items, IReadOnlyDictionary<string, IReadOnlyList<Firing>> Firings, DateTimeOffset Now);
