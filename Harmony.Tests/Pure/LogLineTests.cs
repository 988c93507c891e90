using System.Text.Json;
using Harmony.Api.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Extensions.Logging;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class LogLineTests
{
    private readonly StringWriter _output = new();

    [TestMethod]
    public void Any_text_stays_on_one_line()
    {
        Logger().LogWarning(new EventId(0, "worker.job"), "{Title} ended", "a\r\n\u001b[31mb\u2028 ${jndi:ldap://x}");

        var lines = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(1, lines);
        Assert.DoesNotContain('\u001b', lines[0]);
        Assert.AreEqual("worker.job", Read("event"));
        Assert.AreEqual("WARNING", Read("level"));
        Assert.AreEqual("a\r\n\u001b[31mb\u2028 ${jndi:ldap://x}", Read("title"));
    }

    [TestMethod]
    public void A_secret_is_masked_everywhere_in_a_line()
    {
        var logger = Logger("s3cr3t-\"quoted\"", "hunter2hunter2");

        logger.LogError(new InvalidOperationException("Password=hunter2hunter2"), "sent {Key} and {Other}", "s3cr3t-\"quoted\"", new { Deep = "hunter2hunter2" });

        Assert.DoesNotContain("hunter2", _output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("***", _output.ToString(), StringComparison.Ordinal);
    }

    [TestMethod]
    public void The_scope_of_a_job_is_in_its_lines()
    {
        var logger = Logger();
        using (logger.BeginScope(new Dictionary<string, object> { ["JobId"] = 42L, ["Kind"] = "noop", ["Attempt"] = 2 }))
            logger.LogInformation("hello");

        Assert.AreEqual("42", Read("job_id"));
        Assert.AreEqual("noop", Read("kind"));
        Assert.AreEqual("2", Read("attempt"));
    }

    private string Read(string name) => JsonElement.Parse(_output.ToString()).GetProperty(name).ToString();

    private Microsoft.Extensions.Logging.ILogger Logger(params string[] secrets)
    {
        var serilog = new LoggerConfiguration().Enrich.FromLogContext().WriteTo.Sink(new Sink(new LogLine(secrets), _output)).CreateLogger();
        return new SerilogLoggerFactory(serilog, dispose: true).CreateLogger("test");
    }

    private sealed class Sink(LogLine format, StringWriter output) : Serilog.Core.ILogEventSink
    {
        public void Emit(Serilog.Events.LogEvent logEvent) => format.Format(logEvent, output);
    }
}
