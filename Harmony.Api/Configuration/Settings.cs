using System.Collections;
using System.Globalization;
using Harmony.Api.Configuration.Keys;
using Harmony.Jobs;
using Harmony.Orchestrator;

namespace Harmony.Api.Configuration;

/// <summary>
/// The values in force: process environment over <c>.env</c> over default. As a source of configuration it gives each valid value
/// at the paths that its key names (<see cref="EnvKey.Sets"/>); options are bound there.
/// </summary>
internal sealed class Settings : ConfigurationProvider, IConfigurationSource
{
    /// <summary>The log cannot mask a shorter secret: it would mask half of its words.</summary>
    public const int ShortestHiddenSecret = 6;

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
        // An exact name takes precedence over a star, and each name is reported once.
        var set = environment.Where(e => e.Value.Trim().Length > 0).Select(e => e.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var retired in EnvTable.Retired.OrderBy(r => r.Name.EndsWith('*')))
        {
            var covered = set.Where(retired.Covers).Order(StringComparer.Ordinal).ToList();
            set.ExceptWith(covered);
            if (covered.Count > 0)
                _warnings.Add(retired.Warning(covered));
        }

        Families = new(names, environment);
        _problems.AddRange(Families.Problems);
        _warnings.AddRange(Families.Warnings);
        LanePriorities = new(names, environment);
        _problems.AddRange(LanePriorities.Problems);
        _warnings.AddRange(LanePriorities.Warnings);
        Schedules = new(names, [.. BuiltInSchedules.All.Select(s => s.Name)], environment);
        _problems.AddRange(Schedules.Problems);
    }

    public EngineFamilies Families { get; }

    public LanePriorities LanePriorities { get; }

    public ScheduleFamily Schedules { get; }

    /// <summary>Values that cannot be read; any of them stops the start.</summary>
    public IReadOnlyList<SettingProblem> Problems => _problems;

    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Values that must never appear in any output.</summary>
    public IReadOnlyCollection<string> SecretValues => _secrets;

    public static Settings FromProcess(EngineNames names) =>
        FromSources(
            Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal), names);

    /// <summary>With the file of NAME=value lines that the process environment names, or .env if it exists.</summary>
    public static Settings FromSources(IReadOnlyDictionary<string, string> process, EngineNames names)
    {
        var named = process.GetValueOrDefault(HostKeys.EnvFile.Name, "").Trim();
        var file = named.Length > 0 ? named : ".env";
        IReadOnlyDictionary<string, string> dotEnv = new Dictionary<string, string>(StringComparer.Ordinal);
        SettingProblem? problem = null;
        try
        {
            if (named.Length > 0 && !File.Exists(named))
                problem = new(ExitCode.Missing, HostKeys.EnvFile.Name, $"the file {named} does not exist.", "Create it, or remove the variable: .env in the working directory is read then.");
            else
                dotEnv = DotEnvFile.Load(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = new(ExitCode.Missing, HostKeys.EnvFile.Name, $"{file} cannot be read: {e.Message}", "Give the user Harmony runs as the right to read it.");
        }

        var settings = From(process, dotEnv, names, () => FromSources(process, names));
        if (problem is not null)
            settings._problems.Insert(0, problem);
        if (dotEnv.GetValueOrDefault(HostKeys.EnvFile.Name, "").Length > 0 && named.Length == 0)
            settings._warnings.Add($"{HostKeys.EnvFile.Name} has no effect in {file}: it counts in the process environment only.");
        return settings;
    }

    public static Settings From(
        IReadOnlyDictionary<string, string> process, IReadOnlyDictionary<string, string> dotEnv, EngineNames names, Func<Settings>? again = null)
    {
        var merged = new Dictionary<string, string>(dotEnv, StringComparer.Ordinal);
        foreach (var (name, value) in process)
        {
            // Compose files pass an unset variable on as an empty one.
            if (value.Length > 0 || !merged.ContainsKey(name))
                merged[name] = value;
        }

        return new(merged, names) { _again = again };
    }

    /// <summary>Reads the same sources again: <c>.env</c> may have changed meanwhile.</summary>
    public Settings Again() => _again?.Invoke() ?? this;

    public T Get<T>(EnvKey<T> key) => (T)_values[key.Name]!;

    /// <summary>Whether the value was set; false for the default.</summary>
    public bool Has(EnvKey key) => _given.Contains(key.Name);

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    // Of several keys for one option the last one set wins, else the last default: the table lists the general key before the particular one.
    public override void Load()
    {
        Data.Clear();
        foreach (var key in EnvTable.Keys.OrderBy(Has))
        {
            foreach (var path in key.Sets)
                Put(path, key.OptionOf(_values[key.Name]));
        }

        Put("Provider:Slskd:BaseUrl", Addresses.Slskd(this));
        const string engine = "Orchestrator";
        foreach (var (lane, width) in Families.Widths)
            Put($"{engine}:{nameof(OrchestratorOptions.LaneWidths)}:{lane}", width);
        foreach (var (lane, priority) in LanePriorities.Values)
            Put($"{engine}:{nameof(OrchestratorOptions.LanePriorities)}:{lane}", priority);
        foreach (var (kind, retry) in Families.Retries)
        {
            var path = $"{engine}:{nameof(OrchestratorOptions.RetryByKind)}:{kind}";
            Put($"{path}:{nameof(retry.MaxRetries)}", retry.MaxRetries);
            Put($"{path}:{nameof(retry.Base)}", retry.Base);
            Put($"{path}:{nameof(retry.Jitter)}", retry.Jitter);
            Put($"{path}:{nameof(retry.Timeout)}", retry.Timeout);
        }
    }

    private void Put(string path, object? value)
    {
        if (value is IReadOnlyList<string> list)
        {
            for (var i = 0; i < list.Count; i++)
                Data[string.Create(CultureInfo.InvariantCulture, $"{path}:{i}")] = list[i];
        }
        else if (value is not null)
        {
            Data[path] = value is Uri url ? url.OriginalString : Convert.ToString(value, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>A value in the form that an error may show.</summary>
    internal static string Shown(string value)
    {
        var shown = WithoutSecrets(value);
        return shown.Length <= 80 ? shown : string.Concat(shown.AsSpan(0, 80), "…");
    }

    // An address refused for its user name or query contains a secret.
    private static string WithoutSecrets(string value)
    {
        var start = value.IndexOf("://", StringComparison.Ordinal) is var scheme && scheme >= 0 ? scheme + 3 : 0;
        if (value.LastIndexOf('@') is var at && at >= start)
            value = string.Concat(value.AsSpan(0, start), "***", value.AsSpan(at));
        return value.IndexOf('?', StringComparison.Ordinal) is var query && query >= 0 && (start > 0 || value.IndexOf('=', query) >= 0)
            ? string.Concat(value.AsSpan(0, query), "?***")
            : value;
    }

    private void Take(EnvKey key, IReadOnlyDictionary<string, string> environment)
    {
        _values[key.Name] = key.DefaultValue;
        if (Raw(key, environment) is not var (name, text) || text.Length == 0)
            return;

        if (key.Secret)
            Remember(key, text);
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

    private void Remember(EnvKey key, string secret)
    {
        _secrets.Add(secret);
        if (DatabaseUrl.TryRead(secret, out var connection) && connection.Password is { Length: > 0 } password)
            _secrets.Add(password);
        if (secret.Length < ShortestHiddenSecret)
            _warnings.Add($"{key.Name} is so short that the log does not hide it: its letters would be struck out of every other word. Give one of at least {ShortestHiddenSecret} characters.");
        foreach (var part in secret.Split([',', '\n', '\r'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            _secrets.Add(part.Split(':', 3) is [_, _, var last] && last.Length > 0 ? last : part);
    }
}
