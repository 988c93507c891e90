using System.Text;
using Harmony.Api.Access;
using Microsoft.AspNetCore.WebUtilities;

namespace Harmony.Api.Pages.Shell;

/// <summary>The result of an action, shown once on the page after it.</summary>
public sealed record Notice(string Text, bool Bad = false)
{
    private const string Cookie = "harmony_notice";
    private const int Longest = 600;

    public static Notice Incomplete { get; } = new("The form was not complete: open the page again.", Bad: true);

    public static Notice Of(bool done, string good, string bad) => done ? new(good) : new(bad, Bad: true);

    /// <summary>Answers a form: stores the notice for one page and redirects there.</summary>
    public static IResult Then(HttpContext context, Notice notice, string? back)
    {
        var text = notice.Text.Length > Longest ? notice.Text[..Longest] : notice.Text;
        var value = WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes((notice.Bad ? "-" : "+") + text));
        context.Response.Cookies.Append(Cookie, value, Options(context, TimeSpan.FromMinutes(1)));
        context.Response.Headers.Location = SignInAddress.LocalPath(back);
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>Reads and removes the notice of the action before this page, if any.</summary>
    public static Notice? Take(HttpContext context)
    {
        if (context.Request.Cookies[Cookie] is not { Length: > 0 and < 4000 } value)
            return null;

        context.Response.Cookies.Append(Cookie, "", Options(context, TimeSpan.Zero));
        try
        {
            var text = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(value));
            return text.Length > 1 ? new Notice(text[1..], text[0] == '-') : null;
        }
        catch (FormatException)
        {
            // Not our cookie: a cookie of the reader must not fail the page.
            return null;
        }
    }

    private static CookieOptions Options(HttpContext context, TimeSpan age) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = "/ui",
        MaxAge = age,
    };
}
