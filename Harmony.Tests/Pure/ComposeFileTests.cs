using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using Node = System.Collections.Generic.Dictionary<object, object?>;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed partial class ComposeFileTests
{
    private static readonly string s_root = FindRoot();
    private static readonly string s_text = File.ReadAllText(Path.Combine(s_root, "compose.yaml"));
    private static readonly Node s_services = Child(Parse(s_text), "services");
    private static readonly HashSet<string> s_documented = [.. DocumentedKey().Matches(File.ReadAllText(Path.Combine(s_root, ".env.example"))).Select(key => key.Groups["name"].Value)];

    [TestMethod]
    public void Every_variable_is_in_the_example_environment()
        => Assert.IsEmpty(Variable().Matches(s_text).Select(found => found.Groups["name"].Value).Distinct().Except(s_documented).ToList());

    [TestMethod]
    [DataRow("harmony")]
    [DataRow("harmony-worker")]
    public void Every_container_key_is_in_the_example_environment(string service)
    {
        var keys = Child(Service(service), "environment").Keys.Cast<string>().ToList();
        CollectionAssert.Contains(keys, "DATABASE_URL");
        Assert.IsEmpty(keys.Except(s_documented).ToList());
    }

    [TestMethod]
    public void A_secret_is_required_and_has_no_default()
    {
        string[] askedOfOthers = ["SPOTIFY_CLIENT_SECRET", "SPOTIFY_REFRESH_TOKEN", "SOULSEEK_PASSWORD"];
        var secrets = Variable().Matches(s_text)
            .Where(found => SecretName().IsMatch(found.Groups["name"].Value) && !askedOfOthers.Contains(found.Groups["name"].Value))
            .ToList();
        Assert.IsNotEmpty(secrets);
        Assert.IsEmpty(secrets.Where(found => found.Groups["rule"].Value != ":?").Select(found => found.Value).ToList());
        Assert.IsEmpty(Variable().Matches(s_text)
            .Where(found => found.Groups["rule"].Value == ":-" && SecretName().IsMatch(found.Groups["name"].Value) && found.Groups["text"].Value.Length > 0)
            .Select(found => found.Value)
            .ToList());
    }

    [TestMethod]
    public void A_secret_is_never_a_literal_value()
        => Assert.IsEmpty(s_services.Keys.Cast<string>()
            .SelectMany(service => Child(Service(service), "environment").Select(pair => (service, key: (string)pair.Key, value: pair.Value as string ?? "")))
            .Where(entry => SecretName().IsMatch(entry.key) && !entry.value.StartsWith("${", StringComparison.Ordinal))
            .Select(entry => $"{entry.service}: {entry.key}")
            .ToList());

    [TestMethod]
    public void The_generated_environment_has_every_required_key()
    {
        var generator = File.ReadAllText(Path.Combine(s_root, "scripts", "lib", "compose.sh"));
        var required = Variable().Matches(s_text).Where(found => found.Groups["rule"].Value == ":?").Select(found => found.Groups["name"].Value).Distinct().ToList();
        Assert.IsEmpty(required.Where(name => !Regex.IsMatch(generator, $@"^{name}=.*\$\(random_key", RegexOptions.Multiline, TimeSpan.FromSeconds(1))).ToList());
    }

    [TestMethod]
    public void Workers_can_be_scaled()
    {
        var worker = Service("harmony-worker");
        Assert.AreEqual("worker", Child(worker, "environment")["HARMONY_ROLES"]);
        Assert.IsFalse(worker.ContainsKey("container_name") || worker.ContainsKey("ports"), "a fixed name or port allows one container only");
    }

    [TestMethod]
    [DataRow("postgres")]
    [DataRow("harmony")]
    [DataRow("slskd")]
    public void A_service_with_dependents_has_a_health_check(string service)
        => Assert.IsTrue(Child(Service(service), "healthcheck").ContainsKey("test"));

    [TestMethod]
    public void Volumes_are_declared_and_downloads_are_shared()
    {
        var declared = Child(Parse(s_text), "volumes").Keys.Cast<string>().ToList();
        var used = s_services.Keys.Cast<string>().SelectMany(service => Mounts(service)).Select(mount => mount.Split(':')[0]).Distinct().ToList();
        CollectionAssert.AreEquivalent(declared, used);
        var downloads = (string?)Child(Service("harmony"), "environment")["DOWNLOADS_DIR"];
        Assert.AreEqual(downloads, Child(Service("slskd"), "environment")["SLSKD_DOWNLOADS_DIR"]);
        CollectionAssert.Contains(Mounts("harmony"), $"downloads:{downloads}");
        CollectionAssert.Contains(Mounts("slskd"), $"downloads:{downloads}");
    }

    [TestMethod]
    public void Pages_are_published_on_loopback_only()
        => Assert.IsTrue(((List<object>)Service("harmony")["ports"]!).Cast<string>().All(port => port.StartsWith("127.0.0.1:", StringComparison.Ordinal)));

    private static Node Service(string name) => Child(s_services, name);

    private static List<string> Mounts(string service) => ((List<object>)Service(service)["volumes"]!).Cast<string>().ToList();

    private static Node Child(Node node, string name) => (Node)(node[name] ?? new Node());

    private static Node Parse(string yaml)
        => new DeserializerBuilder().Build().Deserialize<Node>(new MergingParser(new Parser(new StringReader(yaml))));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Harmony.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No Harmony.sln above {AppContext.BaseDirectory}");
    }

    [GeneratedRegex(@"\$\{(?<name>[A-Z0-9_]+)(?<rule>:[?-])?(?<text>[^}]*)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();

    [GeneratedRegex("(KEY|KEYS|PASSWORD|SECRET|TOKEN)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"^#?\s?(?<name>[A-Z][A-Z0-9_]*)=", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DocumentedKey();
}
