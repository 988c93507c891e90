using Harmony.Api.Access;
using Harmony.Api.Hosting;

namespace Harmony.Api.Pages.Shell;

/// <summary>What the pages tell about their host: the engine and why it is that one, and whether anybody may come in.</summary>
public sealed record PageHost(string Engine, bool Open)
{
    public static PageHost Of(AccessMode mode) => new(EngineChoice.Sentence, mode.Open);
}
