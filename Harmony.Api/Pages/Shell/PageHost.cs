namespace Harmony.Api.Pages.Shell;

/// <summary>What the pages tell about their host: whether it asks for credentials.</summary>
public sealed record PageHost(bool Open);
