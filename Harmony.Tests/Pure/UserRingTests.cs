using System.Security.Cryptography;
using Harmony.Api.Access;
using Harmony.Api.Configuration;
using Harmony.Tests.Http;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class UserRingTests
{
    private static readonly EngineNames Names = new(new Dictionary<string, int>(), new Dictionary<string, string>());

    [TestMethod]
    public void Users_are_separated_by_commas_or_lines()
    {
        var ring = Ring($"{People.Line("ann", "viewer")},\n {People.Line("bob", "read_only")}\n{People.Line("cyd", "Admin", "another password")}");

        Assert.IsEmpty(ring.Problems);
        Assert.AreEqual(new Account("ann", Role.Viewer, true), ring.Users.Find("ann", People.Password));
        Assert.AreEqual(Role.Viewer, ring.Users.Find("bob", People.Password)?.Role);
        Assert.AreEqual(Role.Admin, ring.Users.Find("cyd", "another password")?.Role);
        Assert.IsNull(ring.Users.Find("ann", "another password"));
        Assert.IsNull(ring.Users.Find("Ann", People.Password));
        Assert.IsNull(ring.Users.Find("ann", ""));
        Assert.IsNull(ring.Users.Find("", People.Password));
        Assert.IsFalse(ring.IsEmpty);
    }

    [TestMethod]
    [DataRow("SHA256")]
    [DataRow("SHA512")]
    public void A_hash_is_one_parseable_word(string algorithm)
    {
        var text = PasswordHash.Of("a:b,c d€", new(new HashAlgorithmName(algorithm), 1234)).ToString();

        Assert.IsFalse(text.AsSpan().ContainsAny(":,$ '\"\\"), text);
        Assert.IsTrue(PasswordHash.TryRead(text, out var hash));
        Assert.AreEqual(text, hash.ToString());
        Assert.IsTrue(hash.Matches("a:b,c d€"));
        Assert.IsFalse(hash.Matches("a:b,c d"));
        Assert.AreNotEqual(text, PasswordHash.Of("a:b,c d€", hash.Cost).ToString(), "each has a salt of its own");
    }

    [TestMethod]
    [DataRow("ann:viewer")]
    [DataRow("ann:emperor:{hash}")]
    [DataRow(":viewer:{hash}")]
    [DataRow("a b:viewer:{hash}")]
    [DataRow("ann:viewer:1234567890")]
    [DataRow("ann:viewer:pbkdf2-md5.210000.c2FsdHNhbHQ.a2V5a2V5a2V5a2V5a2V5a2V5")]
    [DataRow("ann:viewer:pbkdf2-sha512.1.c2FsdHNhbHQ.a2V5a2V5a2V5a2V5a2V5a2V5")]
    [DataRow("ann:viewer:pbkdf2-sha512.2147483647.c2FsdHNhbHQ.a2V5a2V5a2V5a2V5a2V5a2V5")]
    [DataRow("ann:viewer:pbkdf2-sha512.210000.c2FsdHNhbHQ.a2V5")]
    [DataRow("ann:viewer:pbkdf2-sha512.210000.!!!.a2V5a2V5a2V5a2V5a2V5a2V5")]
    [DataRow("ann:viewer:{hash}:more")]
    public void A_malformed_entry_fails_the_start_and_is_hidden(string entry)
    {
        var problem = Ring($"{People.Line("zoe", "viewer")},{entry.Replace("{hash}", PasswordHash.Of("x", People.Cheap).ToString(), StringComparison.Ordinal)}").Problems.Single();

        Assert.AreEqual(ExitCode.Malformed, problem.Code);
        Assert.AreEqual("HARMONY_UI_USERS", problem.Component);
        Assert.Contains("number 2", problem.Message, StringComparison.Ordinal);
        Assert.Contains("harmony user NAME ROLE", problem.Fix, StringComparison.Ordinal);
        foreach (var part in entry.Split(':').Where(p => p.Length > 3 && p != "viewer" && p != "{hash}"))
            Assert.DoesNotContain(part, problem.ToString(), StringComparison.Ordinal);
    }

    [TestMethod]
    public void A_user_name_is_unique()
    {
        Assert.HasCount(1, Ring($"{People.Line("ann", "viewer")},{People.Line("ann", "admin")}").Problems);
        Assert.HasCount(1, Ring(People.Line("ann", "viewer"), ("HANGFIRE_DASHBOARD_USER", "ann"), ("HANGFIRE_DASHBOARD_PASSWORD", "a-long-password-of-ann")).Problems);
        Assert.IsEmpty(Ring(People.Line("ann", "viewer"), ("HARMONY_API_KEYS", "ann:viewer:a-long-key-of-ann-12")).Problems, "a key and a user differ in the audit");
    }

    [TestMethod]
    public void Every_password_check_costs_the_same_hashes()
    {
        var older = $"old:viewer:{PasswordHash.Of("x", new(HashAlgorithmName.SHA512, 2_000))}";
        var ring = Ring($"{People.Users},{older}", ("HANGFIRE_DASHBOARD_USER", "dora"), ("HANGFIRE_DASHBOARD_PASSWORD", "a-long-password-of-dora"));

        var works = new[] { ("otto", People.Password), ("otto", "wrong"), ("old", "x"), ("old", "wrong"), ("dora", "a-long-password-of-dora"), ("dora", "wrong"), ("nobody", "wrong"), ("", "") }
            .Select(t => Work(ring, t.Item1, t.Item2))
            .ToList();

        CollectionAssert.AreEqual(Enumerable.Repeat(2L, 8).ToList(), works, "one hash of each cost in use");
    }

    [TestMethod]
    public void A_weak_hash_is_refused_beyond_loopback_only()
    {
        var settings = Of(People.Users, ("HOST", "0.0.0.0"));

        Assert.AreEqual("HARMONY_UI_USERS (user number 1)", Assert.ThrowsExactly<StartupException>(() => AccessMode.Decide(settings, new(settings))).Problems[0].Component);
        Assert.IsFalse(AccessMode.Decide(Of(People.Users), Ring(People.Users)).Open, "users close the door as keys do");
        Assert.IsFalse(PasswordCost.Usual.IsLow);
    }

    [TestMethod]
    public void The_session_stamp_changes_with_password_and_role()
    {
        var line = People.Line("ann", "viewer");
        var stamp = Ring(line).StampOf("user:ann");

        Assert.IsNotNull(stamp);
        Assert.AreEqual(stamp, Ring($"{People.Line("bob", "admin")},{line}").StampOf("user:ann"));
        Assert.AreNotEqual(stamp, Ring(line.Replace("viewer", "operator", StringComparison.Ordinal)).StampOf("user:ann"));
        Assert.AreNotEqual(stamp, Ring(People.Line("ann", "viewer")).StampOf("user:ann"));
        Assert.IsNull(Ring(line).StampOf("key:ann"));
    }

    private static long Work(ApiKeyStore ring, string name, string password)
    {
        var before = ring.Users.HashesMade;
        ring.Users.Find(name, password);
        return ring.Users.HashesMade - before;
    }

    private static ApiKeyStore Ring(string users, params (string Name, string Value)[] more) => new(Of(users, more));

    private static Settings Of(string users, params (string Name, string Value)[] more)
    {
        var environment = more.ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal);
        environment["HARMONY_UI_USERS"] = users;
        return Settings.From(environment, new Dictionary<string, string>(), Names);
    }
}
