namespace Harmony.Api.Pages.Shell;

/// <summary>What the pages tell about their host: whether it asks for credentials.</summary>
internal sealed record PageHost(bool Open);
