using System.Collections;
using Harmony.Api.Configuration.Keys;

namespace Harmony.Api.Configuration;

/// <summary>The values in force: process environment over <c>.env</c> over default.</summary>
public sealed class Settings
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _given = new(StringComparer.Ordinal);
    private readonly List<SettingProblem> _problems = [];
    private readonly List<string> _warnings = [];
    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);
    private Func<Settings>? _again;

    private Settings(IReadOnlyDictionary<string, string> environment, EngineNames names)
    {
        foreach (var key in EnvTable.Keys)
            Take(key, environment);
        foreach (var retired in EnvTable.Retired)
        {
            if (environment.Keys.Where(retired.Covers).Order(StringComparer.Ordinal).FirstOrDefault() is { } name)
                _warnings.Add($"{name} has no effect any more. {retired.Instead}");
        }

        Families = new(names, environment);
        _problems.AddRange(Families.Problems);
        _warnings.AddRange(Families.Warnings);
        LanePriorities = new(names, environment);
        _problems.AddRange(LanePriorities.Problems);
        _warnings.AddRange(LanePriorities.Warnings);
        Schedules = new(names, BuiltInSchedules, environment);
        _problems.AddRange(Schedules.Problems);
    }

    /// <summary>What runs by the clock without any SCHEDULE_* key.</summary>
    public static IReadOnlyCollection<string> BuiltInSchedules { get; } = ["download_sweep", "prune", "watchlist_tick"];

    public EngineFamilies Families { get; }

    public LanePriorities LanePriorities { get; }

    public ScheduleFamily Schedules { get; }

    /// <summary>Values that cannot be read; the process does not start with any.</summary>
    public IReadOnlyList<SettingProblem> Problems => _problems;

    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>What must never appear in any output.</summary>
    public IReadOnlyCollection<string> SecretValues => _secrets;

    public static Settings FromProcess(EngineNames names) =>
        From(
            Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal),
            DotEnvFile.Load(Environment.GetEnvironmentVariable(HostKeys.EnvFile.Name) is { Length: > 0 } file ? file : ".env"),
            names,
            () => FromProcess(names));

    public static Settings From(
        IReadOnlyDictionary<string, string> process, IReadOnlyDictionary<string, string> dotEnv, EngineNames names, Func<Settings>? again = null)
    {
        var merged = new Dictionary<string, string>(dotEnv, StringComparer.Ordinal);
        foreach (var (name, value) in process)
        {
            // An empty variable is how compose files pass on what is not set.
            if (value.Length > 0 || !merged.ContainsKey(name))
                merged[name] = value;
        }

        return new(merged, names) { _again = again };
    }

    /// <summary>What the same sources say now: <c>.env</c> may have been written meanwhile.</summary>
    public Settings Again() => _again?.Invoke() ?? this;

    public T Get<T>(EnvKey<T> key) => (T)_values[key.Name]!;

    /// <summary>Was it given, or is it the default?</summary>
    public bool Has(EnvKey key) => _given.Contains(key.Name);

    /// <summary>A value as far as an error may show it.</summary>
    internal static string Shown(string value) => value.Length <= 80 ? value : string.Concat(value.AsSpan(0, 80), "…");

    private void Take(EnvKey key, IReadOnlyDictionary<string, string> environment)
    {
        _values[key.Name] = key.DefaultValue;
        if (Raw(key, environment) is not var (name, text) || text.Length == 0)
            return;

        if (key.Secret)
            Remember(text);
        if (key.TryRead(text, out var value))
        {
            _values[key.Name] = value;
            _given.Add(key.Name);
        }
        else
        {
            var shown = key.Secret ? "its value (not shown)" : $"\"{Shown(text)}\"";
            _problems.Add(new(ExitCode.Malformed, name, $"{shown} cannot be read.", $"Give {key.Form}."));
        }
    }

    private (string Name, string Text)? Raw(EnvKey key, IReadOnlyDictionary<string, string> environment)
    {
        foreach (var name in key.Names)
        {
            var text = environment.GetValueOrDefault(name, "").Trim();
            var file = key.Secret ? FromFile($"{name}_FILE", environment) : "";
            if (text.Length > 0 && file.Length > 0 && !key.Combines)
                _problems.Add(new(ExitCode.Malformed, name, $"is given, and so is {name}_FILE.", "Give one of the two."));
            if (text.Length + file.Length > 0)
                return (name, text.Length > 0 && file.Length > 0 ? $"{text}\n{file}" : text + file);
        }

        return null;
    }

    private string FromFile(string name, IReadOnlyDictionary<string, string> environment)
    {
        if (environment.GetValueOrDefault(name, "").Trim() is not { Length: > 0 } path)
            return "";

        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problems.Add(new(ExitCode.Missing, name, $"{Shown(path)} cannot be read: {e.Message}", "Name a readable file that holds the secret and nothing else."));
            return "";
        }
    }

    private void Remember(string secret)
    {
        _secrets.Add(secret);
        if (DatabaseUrl.TryRead(secret, out var connection) && connection.Password is { Length: > 0 } password)
            _secrets.Add(password);
        foreach (var part in secret.Split([',', '\n', '\r'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            _secrets.Add(part.Split(':', 3) is [_, _, var key] && key.Length > 0 ? key : part);
    }
}
