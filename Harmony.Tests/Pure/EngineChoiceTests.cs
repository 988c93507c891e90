using Harmony.Api.Configuration;
using Harmony.Api.Dashboards;
using Harmony.Api.Hosting;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class EngineChoiceTests
{
    [TestMethod]
    [DataRow("auto")]
    [DataRow("native")]
    public void The_native_engine_is_in_every_build(string engine)
    {
        EngineChoice.Check(With(engine));
        Assert.StartsWith("Native engine", EngineChoice.Sentence(With(engine)), StringComparison.Ordinal);
    }

    [TestMethod]
    public void The_genuine_engine_is_there_or_the_start_is_refused()
    {
        var settings = With("hangfire");
        var compiledIn = HangfirePages.Genuine;
        if (compiledIn)
        {
            EngineChoice.Check(settings);
            Assert.StartsWith("Genuine Hangfire engine, as HARMONY_ENGINE says", EngineChoice.Sentence(settings), StringComparison.Ordinal);
            return;
        }

        var refusal = Assert.ThrowsExactly<StartupException>(() => EngineChoice.Check(settings));
        Assert.AreEqual(ExitCode.Missing, refusal.Code);
        Assert.AreEqual("HARMONY_ENGINE", new SelfCheck(settings, TimeProvider.System).Form().Single().Component);
    }

    private static Settings With(string engine) =>
        Settings.From(new Dictionary<string, string> { ["HARMONY_ENGINE"] = engine }, new Dictionary<string, string>(), HarmonySetup.Names);
}
