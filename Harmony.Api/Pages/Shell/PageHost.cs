namespace Harmony.Api.Pages.Shell;

/// <summary>What the pages tell about their host: the engine and why it is that one, and whether anybody may come in.</summary>
public sealed record PageHost(string Engine, bool Open);
