using Harmony.Tests.Postgres;

namespace Harmony.Tests.Http;

/// <summary>Each answer about the engine asks the database only for what it shows, in one command.</summary>
[TestClass]
public sealed class ReadStatementsTests
{
    private static TestDatabase s_database = null!;
    private static ApiHost s_host = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        s_database = await TestDatabase.CreateAsync();
        s_host = await ApiHost.StartAsync(s_database, ("HARMONY_API_KEYS", ApiHost.Keys), ("CACHE_ENABLED", "false"));
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        await s_host.DisposeAsync();
        await s_database.DisposeAsync();
    }

    [TestMethod]
    [DataRow("/pauses", "harmony.pause")]
    [DataRow("/gates", "harmony.provider_gate")]
    [DataRow("/lanes", "harmony.lane_figures", "harmony.pause", "harmony.rate_window")]
    [DataRow("/dlq/stats", "harmony.job")]
    [DataRow("/metrics", "harmony.now()", "harmony.lane_figures", "finished_at", "group by 1, 2", "harmony.provider_gate", "harmony.pause", "harmony.rate_window", "harmony.servers()", "'parked'")]
    public async Task An_answer_takes_one_command(string path, params string[] sources)
    {
        using var commands = DatabaseCommands.Of(s_database);

        var answer = await s_host.GetAsync($"/api/v1{path}", ApiHost.ViewerKey);

        Assert.AreEqual(200, answer.Status, answer.Text);
        var told = string.Join("\n---\n", commands.Sent);
        Assert.HasCount(1, commands.Sent, told);
        Assert.HasCount(sources.Length, commands.Statements, told);
        for (var i = 0; i < sources.Length; i++)
            Assert.Contains(sources[i], commands.Statements[i], StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task The_status_reads_six_sources_and_the_readiness()
    {
        using var commands = DatabaseCommands.Of(s_database);

        Assert.AreEqual(200, (await s_host.GetAsync("/api/v1/status", ApiHost.ViewerKey)).Status);

        var engine = commands.Sent.Single(c => c.Contains("lane_figures", StringComparison.Ordinal));
        Assert.HasCount(6, engine.Split(';'), engine);
        foreach (var dear in new[] { "day_figures", "state_figures", "pg_database_size", "rate_window", "finished_at", "group by" })
            Assert.DoesNotContain(dear, engine, StringComparison.Ordinal);
    }
}
