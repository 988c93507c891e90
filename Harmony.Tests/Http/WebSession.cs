using System.Net;
using System.Text.RegularExpressions;
using Harmony.Api.Access;

namespace Harmony.Tests.Http;

/// <summary>A browser's part of a session, by hand: which cookies it holds, and which token its page carries.</summary>
internal sealed partial class WebSession(ApiHost host)
{
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    public string Cookie => CookieOf("harmony.session", "harmony.form");

    public string SessionCookie
    {
        get => _cookies["harmony.session"];
        set => _cookies["harmony.session"] = value;
    }

    public static async Task<WebSession> OfAsync(ApiHost host, string name, string secret = People.Password)
    {
        var session = new WebSession(host);
        Assert.AreEqual(303, (await session.SignInAsync(name, secret)).Status);
        return session;
    }

    public async Task<Answer> SignInAsync(string name, string secret, string back = "")
    {
        var token = await TokenAsync(SignInAddress.Path);
        return await PostAsync(SignInAddress.Path, [new("name", name), new("secret", secret), new("return", back), new("__RequestVerificationToken", token)]);
    }

    public async Task<Answer> SignOutAsync() =>
        await PostAsync(SignInAddress.Out, [new("__RequestVerificationToken", await TokenAsync("/ui/nowhere"))]);

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => Kept(host.GetAsync(path, null, [("Cookie", Cookie), .. headers]));

    public async Task<Answer> PostAsync(string path, IEnumerable<KeyValuePair<string, string>> fields, params (string Name, string Value)[] headers)
    {
        using var form = new FormUrlEncodedContent(fields);
        return await Kept(host.SendAsync(HttpMethod.Post, path, null, form, [("Cookie", Cookie), .. headers]));
    }

    public async Task<string> TokenAsync(string path)
    {
        var page = await GetAsync(path);
        return WebUtility.HtmlDecode(Token().Match(page.Text) is { Success: true } found ? found.Groups["value"].Value : throw new AssertFailedException($"no token in {page.Status} {page.Text}"));
    }

    public string CookieOf(params string[] names) => string.Join("; ", _cookies.Where(c => names.Contains(c.Key)).Select(c => $"{c.Key}={c.Value}"));

    private async Task<Answer> Kept(Task<Answer> asked)
    {
        var answer = await asked;
        foreach (Match cookie in Given().Matches(answer.Headers.GetValueOrDefault("Set-Cookie", "")))
            _cookies[cookie.Groups["name"].Value] = cookie.Groups["value"].Value;
        return answer;
    }

    [GeneratedRegex("(?<name>harmony\\.[a-z]+)=(?<value>[^;,]*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Given();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<value>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
