using System.Text.Json;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Json;

namespace Harmony.Api.Hosting;

/// <summary>One JSON object per line: time, level, event name, message, then whatever the event and its scopes carry. Secrets never pass.</summary>
public sealed class LogLine : ITextFormatter
{
    private static readonly JsonValueFormatter Values = new(typeTagName: null);
    private readonly string[] _secrets;

    public LogLine(IEnumerable<string> secrets)
    {
        // A secret may also appear as JSON would write it; longer ones first, as one may contain another.
        _secrets =
        [
            .. secrets.Where(s => s.Length >= 6)
                .SelectMany(s => new[] { s, JsonEncodedText.Encode(s).ToString() })
                .Distinct(StringComparer.Ordinal)
                .OrderByDescending(s => s.Length),
        ];
    }

    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var line = new StringWriter(System.Globalization.CultureInfo.InvariantCulture);
        line.Write("{\"time\":");
        Write(line, logEvent.Timestamp.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture));
        line.Write(",\"level\":");
        Write(line, LevelOf(logEvent.Level));
        line.Write(",\"event\":");
        Write(line, NameOf(logEvent));
        line.Write(",\"message\":");
        Write(line, logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture));
        foreach (var (name, value) in logEvent.Properties.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (name is "EventId" or "SourceContext" or "Scope")
                continue;
            line.Write(',');
            Write(line, JsonNamingPolicy.SnakeCaseLower.ConvertName(name));
            line.Write(':');
            Values.Format(value, line);
        }

        if (logEvent.Exception is { } exception)
        {
            line.Write(",\"exception\":");
            Write(line, exception.ToString());
        }

        line.Write('}');
        output.WriteLine(Censored(line.ToString()));
    }

    private string Censored(string text)
    {
        foreach (var secret in _secrets)
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        return text;
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

    private static string NameOf(LogEvent logEvent)
    {
        if (logEvent.Properties.TryGetValue("EventId", out var id)
            && id is StructureValue structure
            && structure.Properties.FirstOrDefault(p => p.Name == "Name")?.Value is ScalarValue { Value: string name })
            return name;
        return logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out var source) && source is ScalarValue { Value: string text } ? text : "log";
    }
}
