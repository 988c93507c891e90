namespace Harmony.Api.Pages.Shell;

/// <summary>Whether the host is open, that is, asks for no credentials.</summary>
internal sealed record PageHost(bool Open);
