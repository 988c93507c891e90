using Harmony.Api.Pages;
using Harmony.Api.Pages.Jobs;
using Harmony.Api.Pages.Live;
using Harmony.Api.Pages.Shell;
using Harmony.Api.Pages.Watchlist;
using Harmony.Orchestrator;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class PageTextsTests
{
    private static readonly System.Text.UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [TestMethod]
    [DataRow(3, "just now")]
    [DataRow(-4, "just now")]
    [DataRow(47, "40 s ago")]
    [DataRow(-90, "in 1 min")]
    [DataRow(3 * 3600 + 5, "3 h ago")]
    [DataRow(49 * 3600, "2 d ago")]
    public void Times_are_shown_in_coarse_units(int seconds, string words) =>
        Assert.AreEqual(words, Words.Relative(Now.AddSeconds(-seconds), Now));

    [TestMethod]
    [DataRow(0, "0 ms")]
    [DataRow(340, "340 ms")]
    [DataRow(1240, "1.2 s")]
    [DataRow(59_999, "59 s")]
    [DataRow(200_000, "3 min 20 s")]
    [DataRow(7_200_000, "2 h")]
    [DataRow(90_000_000, "1 d 1 h")]
    public void Spans_have_at_most_two_units(int milliseconds, string words) =>
        Assert.AreEqual(words, Words.Span(TimeSpan.FromMilliseconds(milliseconds)));

    [TestMethod]
    [DataRow(999L, "999 B")]
    [DataRow(31_000_000L, "31.0 MB")]
    [DataRow(731_000_000L, "731 MB")]
    public void Sizes_have_three_digits(long bytes, string words) => Assert.AreEqual(words, Words.Bytes(bytes));

    [TestMethod]
    public void Terminal_colours_are_removed_and_invisible_characters_shown() =>
        Assert.AreEqual("red\nnext ␀ ‹U+202E›cod.exe", PlainText.Of("\u001b[1;31mred\u001b[0m\r\nnext \0 \u202ecod.exe", 100));

    [TestMethod]
    public void A_long_text_is_cut_between_characters()
    {
        var shown = PlainText.Of("ab" + string.Concat(Enumerable.Repeat("🎵", 100)), 5);

        Assert.IsFalse(char.IsHighSurrogate(shown[^1]));
        Assert.IsLessThanOrEqualTo(5, shown.Length);
    }

    [TestMethod]
    [DataRow("client_secret", true)]
    [DataRow("refreshToken", true)]
    [DataRow("api_key", true)]
    [DataRow("key", true)]
    [DataRow("Authorization", true)]
    [DataRow("artist_key", false)]
    [DataRow("wake_key", false)]
    public void Secrets_are_recognised_by_name(string name, bool secret) => Assert.AreEqual(secret, Secrets.IsSecret(name));

    [TestMethod]
    [DataRow("GET /x?client_secret=abcdef&a=1 failed", "abcdef")]
    [DataRow("Authorization: Bearer abc.def-ghi", "abc.def-ghi")]
    [DataRow("""{"refresh_token": "xyzxyz"}""", "xyzxyz")]
    [DataRow("cannot reach postgres://harmony:pw-pw@db:5432/harmony", "pw-pw")]
    [DataRow("Host=db;Password=pw-pw;Username=harmony", "pw-pw")]
    [DataRow("""{"token": "Bearer abc.def"}""", "abc.def")]
    [DataRow("access_token=Basic eHg=", "eHg")]
    [DataRow("Authorization: ApiKey k3y-k3y-k3y", "k3y-k3y-k3y")]
    [DataRow("""sent {\"refresh_token\":\"xyzxyz\"} and failed""", "xyzxyz")]
    [DataRow("postgres://harmony:p@ss@db/harmony", "ss@")]
    [DataRow("password=\"my long pass\" refused", "my long pass")]
    [DataRow("password=a,bcdefgh", "bcdefgh")]
    [DataRow("?secret=ab&x=1", "ab")]
    [DataRow("pwd=hunter2; x", "hunter2")]
    [DataRow("secret_access_key=abcdef", "abcdef")]
    [DataRow("private_key: abc123", "abc123")]
    [DataRow("Cookie: harmony.session=CfDJ8; other=1", "CfDJ8")]
    [DataRow("token: Zm9vYmFyYmF6", "Zm9v")]
    public void Secrets_inside_a_text_are_masked(string text, string secret)
    {
        foreach (var shown in new[] { PlainText.Of(text, 500), SafeText.WithoutSecrets(text, 500), SafeText.Line(text) })
        {
            Assert.DoesNotContain(secret, shown, StringComparison.Ordinal);
            Assert.Contains(Secrets.Mask, shown, StringComparison.Ordinal);
        }
    }

    [TestMethod]
    public void Removed_characters_hide_no_secret() =>
        Assert.AreEqual($"client_secret={Secrets.Mask}", SafeText.WithoutSecrets("client_sec\0ret=abcdef", 500));

    [TestMethod]
    [DataRow("basic authentication failed")]
    [DataRow("Unexpected token: foo")]
    [DataRow("the bearer token expired")]
    [DataRow("https://example.org:8080/path?a=b@c")]
    public void Text_that_only_mentions_secrets_is_unchanged(string text) => Assert.AreEqual(text, SafeText.WithoutSecrets(text, 500));

    [TestMethod]
    [DataRow("a-")]
    [DataRow("token ")]
    [DataRow("://:")]
    [DataRow("basic ")]
    [DataRow("\ud83d\ude00")]
    public void An_error_text_of_any_length_is_cut_validly(string often)
    {
        var told = SafeText.WithoutSecrets(string.Concat(Enumerable.Repeat(often, 1_000_000)), 4000);

        Assert.IsTrue(told.Length is > 0 and <= 4000);
        Assert.IsNotEmpty(Strict.GetBytes(told));
        Assert.IsNotEmpty(Strict.GetBytes(SafeText.WithoutSecrets($"{new string('a', 99_999)}{often}\ud83d", 200_000)));
    }

    [TestMethod]
    public void Nested_arguments_are_flattened_with_masked_secrets()
    {
        var lines = ShownArgs.Of("""{"a":1,"b":{"api_key":"k","list":["x","y"]},"token":{"deep":"d"}}""");

        Assert.AreEqual("a=1 b.api_key=•••••• b.list[0]=x b.list[1]=y token.deep=••••••", string.Join(' ', lines.Select(l => $"{l.Name}={l.Value}")));
    }

    [TestMethod]
    public void Invalid_JSON_arguments_are_shown_as_text() => Assert.AreEqual("{oops", ShownArgs.Of("{oops").Single().Value);

    [TestMethod]
    [DataRow("https://open.spotify.com/artist/4Z8W4fKeB5YxbusRsdQVPb?si=1", "spotify:4Z8W4fKeB5YxbusRsdQVPb")]
    [DataRow("https://open.spotify.com/intl-de/artist/4Z8W4f", "spotify:4Z8W4f")]
    [DataRow(" spotify:artist:4Z8W4f ", "spotify:4Z8W4f")]
    [DataRow("spotify:4Z8W4f", "spotify:4Z8W4f")]
    [DataRow("https://open.spotify.com/album/4Z8W4f", null)]
    [DataRow("https://evil.example/artist/4Z8W4f", null)]
    [DataRow("", null)]
    public void An_artist_is_parsed_from_link_URI_or_key(string text, string? key) => Assert.AreEqual(key, ArtistLink.KeyOf(text));

    [TestMethod]
    [DataRow("/ui", true)]
    [DataRow("/ui/jobs?state=Failed", true)]
    [DataRow("/ui/jobs/42", true)]
    [DataRow("/ui/assets/harmony.css", false)]
    [DataRow("/uix", false)]
    [DataRow("//evil.example/ui", false)]
    [DataRow("/api/v1/jobs", false)]
    public void Only_pages_can_be_watched_live(string path, bool page) => Assert.AreEqual(page, new PageCatalogue().Find(path) is not null);

    [TestMethod]
    public void Only_a_changed_part_gets_a_new_tick()
    {
        var first = LiveState.None.With(Parts.In("x<!--part a--><p>1</p><!--/part-->y<!--part b--><p>2</p><!--/part-->"));
        var second = first.With(Parts.In("<!--part a--><p>1</p><!--/part--><!--part b--><p>3</p><!--/part-->"));

        Assert.AreSame(second, second.With(Parts.In("<!--part a--><p>1</p><!--/part--><!--part b--><p>3</p><!--/part-->")));
        Assert.AreEqual(1, second.Parts["a"].Tick);
        Assert.AreEqual(2, second.Parts["b"].Tick);
        Assert.AreEqual("<p>3</p>", second.Parts["b"].Html);
    }

    [TestMethod]
    public void The_state_after_an_error_is_always_new()
    {
        var calm = LiveState.None.With(Parts.In("<!--part a-->1<!--/part-->"));
        var trouble = calm.InTrouble();

        Assert.AreSame(trouble, trouble.InTrouble());
        Assert.IsGreaterThan(trouble.Tick, trouble.With(Parts.In("<!--part a-->1<!--/part-->")).Tick);
    }
}
