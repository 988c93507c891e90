using System.Globalization;
using System.Text.Json;
using Harmony.Api.Configuration;
using Harmony.Orchestrator;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Json;
using Serilog.Parsing;

namespace Harmony.Api.Hosting;

/// <summary>One JSON object per line: time, level, event name, message, then the properties of the event and its scopes. Secrets are masked.</summary>
internal sealed class LogLine : ITextFormatter
{
    private const int LongestText = 50_000;

    private static readonly JsonValueFormatter Values = new(typeTagName: null);

    // The framework's own ids of a call, and values that the line contains already.
    private static readonly string[] Unsaid = ["EventId", "SourceContext", "Scope", "RequestId", "RequestPath", "ConnectionId"];
    private readonly string[] _secrets;

    public LogLine(IEnumerable<string> secrets)
    {
        // A secret may also appear in its JSON form; longer ones first, as one may contain another.
        _secrets =
        [
            .. secrets.Where(s => s.Length >= Settings.ShortestHiddenSecret)
                .SelectMany(s => new[] { s, Quoted(s) })
                .Distinct(StringComparer.Ordinal)
                .OrderByDescending(s => s.Length),
        ];
    }

    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var line = new StringWriter(CultureInfo.InvariantCulture);
        line.Write("{\"time\":");
        Write(line, logEvent.Timestamp.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        line.Write(",\"level\":");
        Write(line, LevelOf(logEvent.Level));
        line.Write(",\"event\":");
        Write(line, NameOf(logEvent));
        line.Write(",\"message\":");
        Write(line, Safe(Message(logEvent)));
        var written = new HashSet<string>(StringComparer.Ordinal) { "time", "level", "event", "message", "exception" };
        foreach (var (name, value) in logEvent.Properties.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            var key = JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
            if (Unsaid.Contains(name) || !written.Add(key))
                continue;
            line.Write(',');
            Write(line, key);
            line.Write(':');
            if (Secrets.IsSecret(name))
                Write(line, Secrets.Mask);
            else if (value is ScalarValue { Value: string text })
                Write(line, Safe(text));
            else
                Values.Format(value, line);
        }

        if (logEvent.Exception is { } exception)
        {
            line.Write(",\"exception\":");
            Write(line, Safe(exception.ToString()));
        }

        line.Write('}');
        output.WriteLine(Censored(line.ToString()));
    }

    private static string Safe(string text) => SafeText.WithoutSecrets(text, LongestText);

    private string Censored(string text)
    {
        foreach (var secret in _secrets)
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        return text;
    }

    private static string Quoted(string text)
    {
        using var quoted = new StringWriter(CultureInfo.InvariantCulture);
        Write(quoted, text);
        return quoted.ToString()[1..^1];
    }

    private static void Write(TextWriter line, string text) => JsonValueFormatter.WriteQuotedJsonString(text, line);

    private static string LevelOf(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "TRACE",
        LogEventLevel.Debug => "DEBUG",
        LogEventLevel.Information => "INFO",
        LogEventLevel.Warning => "WARNING",
        LogEventLevel.Error => "ERROR",
        _ => "CRITICAL",
    };

    // Texts without the quotes that the library would add.
    private static string Message(LogEvent logEvent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        foreach (var token in logEvent.MessageTemplate.Tokens)
        {
            if (token is PropertyToken property && logEvent.Properties.TryGetValue(property.PropertyName, out var value) && value is ScalarValue { Value: string raw })
                text.Write(raw);
            else
                token.Render(logEvent.Properties, text, CultureInfo.InvariantCulture);
        }

        return text.ToString();
    }

    private static string NameOf(LogEvent logEvent)
    {
        if (logEvent.Properties.TryGetValue("EventId", out var id)
            && id is StructureValue structure
            && structure.Properties.FirstOrDefault(p => p.Name == "Name")?.Value is ScalarValue { Value: string name }
            && name.Contains('.', StringComparison.Ordinal))
        {
            return name;
        }

        return logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out var source) && source is ScalarValue { Value: string text } ? text : "log";
    }
}
