using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Lanes;

public sealed record LanesModel(
    LanesPageReading Engine,
    IReadOnlyList<KindLine> Kinds,
    IReadOnlyDictionary<string, int> Widths,
    IReadOnlyList<PauseTarget> Pausable,
    IReadOnlyList<OperatorAction> PausesSoFar)
{
    public DateTimeOffset Now => Engine.Now;

    public PauseFigures? PauseOf(string lane) => Engine.Pauses.FirstOrDefault(p => p.Scope == "lane" && p.Name == lane);

    public IReadOnlyList<PauseFigures> OtherPauses => [.. Engine.Pauses.Where(p => p.Scope != "lane")];
}
