namespace Harmony.Api.Pages.SignIn;

/// <summary>What the sign-in page shows.</summary>
/// <param name="Return">Where whoever signs in wanted to go.</param>
/// <param name="Name">As it was typed before; the secret is never given back.</param>
/// <param name="Fault">What went wrong, never which half.</param>
/// <param name="Note">Anything else worth saying.</param>
/// <param name="Again">Come by a link of another site, a browser keeps its cookies back: asked once more by ourselves, it sends them.</param>
public sealed record SignInModel(string Return, string Name, string? Fault, string? Note, string Assets, bool Again);
