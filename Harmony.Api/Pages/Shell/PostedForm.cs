using System.Globalization;

namespace Harmony.Api.Pages.Shell;

/// <summary>The fields of every action form, and the redirect back. Tokens are checked before.</summary>
internal static class PostedForm
{
    public static async Task<string?> TextAsync(HttpContext context, string name, CancellationToken cancellationToken) =>
        (await context.Request.ReadFormAsync(cancellationToken))[name].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>Every value of a field with several values; a value that is not a number is ignored.</summary>
    public static async Task<IReadOnlyList<long>> NumbersAsync(HttpContext context, string name, CancellationToken cancellationToken) =>
        [.. (await context.Request.ReadFormAsync(cancellationToken))[name]
            .Select(v => long.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (long?)null)
            .OfType<long>()
            .Distinct()];

    public static async Task<IResult> BackAsync(HttpContext context, Notice notice, CancellationToken cancellationToken) =>
        Notice.Then(context, notice, await TextAsync(context, "back", cancellationToken));
}
