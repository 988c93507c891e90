namespace Harmony.Api.Pages.SignIn;

/// <summary>The data of the sign-in page.</summary>
/// <param name="Return">The page that the user requested before.</param>
/// <param name="Name">The typed name; the secret is never sent back.</param>
/// <param name="Fault">The error, without saying whether name or password is wrong.</param>
/// <param name="Note">Any other message.</param>
/// <param name="Again">After a link on another site a browser sends no cookies: a second request from our own page sends them.</param>
public sealed record SignInModel(string Return, string Name, string? Fault, string? Note, string Assets, bool Again);
