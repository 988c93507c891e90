using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Harmony.Tests.Providers;

/// <summary>Keeps what was logged: name, level and fields.</summary>
internal sealed class LogBook : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<Entry> _entries = new();

    public IReadOnlyList<Entry> Named(string name) => [.. _entries.Where(e => e.Name == name)];

    public void AddTo(IServiceCollection services) => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(this));

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue(new(eventId.Name ?? "", logLevel, formatter(state, exception), (state as IEnumerable<KeyValuePair<string, object?>> ?? []).ToDictionary(f => f.Key, f => f.Value)));

    public void Dispose()
    {
    }

    internal sealed record Entry(string Name, LogLevel Level, string Text, IReadOnlyDictionary<string, object?> Fields)
    {
        public string Told(params string[] fields) => string.Join(' ', fields.Select(f => Fields[f] ?? "-"));
    }
}
