using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Schedules;

public sealed record SchedulesModel(IReadOnlyList<ScheduleLine> Items, DateTimeOffset Now);
