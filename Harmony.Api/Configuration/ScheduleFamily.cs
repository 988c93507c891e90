using System.Text.Json;
using Harmony.Orchestrator.Schedules;

namespace Harmony.Api.Configuration;

/// <summary>The values of SCHEDULE_&lt;NAME&gt; and its companions for one schedule; null where none is set.</summary>
internal sealed record ScheduleSetting(Cron? Cron, TimeZoneInfo? Zone, Misfire? Misfire, bool? Enabled, string? Kind, string? ArgsJson)
{
    public Schedule Over(Schedule schedule) => schedule with
    {
        Kind = Kind ?? schedule.Kind,
        ArgsJson = ArgsJson ?? schedule.ArgsJson,
        Cron = Cron,
        Every = Cron is null ? schedule.Every : null,
        Zone = Zone ?? schedule.Zone,
        Misfire = Misfire ?? schedule.Misfire,
        Enabled = Enabled ?? schedule.Enabled,
    };
}

/// <summary>The keys that carry the name of a schedule: one line gives a kind a schedule.</summary>
internal sealed class ScheduleFamily
{
    public const string Prefix = "SCHEDULE_";

    private static readonly string[] Suffixes = ["_TZ", "_MISFIRE", "_ENABLED", "_KIND", "_ARGS"];
    private static readonly Dictionary<string, Misfire> Misfires = new(StringComparer.OrdinalIgnoreCase)
    {
        ["skip"] = Misfire.Skip,
        ["once"] = Misfire.Once,
        ["all"] = Misfire.All,
    };

    private readonly Dictionary<string, ScheduleSetting> _all = new(StringComparer.Ordinal);
    private readonly List<SettingProblem> _problems = [];
    private readonly EngineNames _names;

    /// <param name="builtIn">Schedules that exist without any key, and can be switched off or moved to another zone.</param>
    public ScheduleFamily(EngineNames names, IReadOnlyCollection<string> builtIn, IReadOnlyDictionary<string, string> environment)
    {
        _names = names;
        var given = environment
            .Where(e => e.Key.StartsWith(Prefix, StringComparison.Ordinal) && e.Value.Trim().Length > 0)
            .OrderBy(e => e.Key, StringComparer.Ordinal)
            .ToList();
        foreach (var (name, value) in given)
            Take(name, value.Trim());
        foreach (var (name, setting) in _all)
        {
            if (setting.Cron is null && !builtIn.Contains(name) && !_problems.Any(p => p.Component == VariableOf(name)))
                _problems.Add(new(ExitCode.Malformed, VariableOf(name), "is not given, but something else about this schedule is.", $"Give {VariableOf(name)} a cron expression, or remove the rest."));
            CheckKind(name, setting);
        }
    }

    /// <summary>The built-in schedules as the keys change them, then the schedules the keys add.</summary>
    public IEnumerable<Schedule> Over(IReadOnlyList<Schedule> builtIn) =>
    [
        .. builtIn.Select(b => _all.TryGetValue(b.Name, out var setting) ? setting.Over(b) : b),
        .. _all.Where(s => s.Value.Cron is not null && builtIn.All(b => b.Name != s.Key)).Select(s => s.Value.Over(new Schedule { Name = s.Key, Kind = s.Key })),
    ];

    public IReadOnlyList<SettingProblem> Problems => _problems;

    private static string VariableOf(string schedule) => Prefix + schedule.ToUpperInvariant();

    private void Take(string name, string value)
    {
        var suffix = Suffixes.FirstOrDefault(s => name.EndsWith(s, StringComparison.Ordinal)) ?? "";
        var schedule = name[Prefix.Length..^suffix.Length].ToLowerInvariant();
        var before = _all.GetValueOrDefault(schedule) ?? new(null, null, null, null, null, null);
        if (schedule.Length == 0)
        {
            Malformed(name, value, "names no schedule", "Write SCHEDULE_<NAME>=<cron>, where NAME is a kind.");
            return;
        }

        _all[schedule] = suffix switch
        {
            "_TZ" => before with { Zone = Zone(name, value) },
            "_MISFIRE" => before with { Misfire = Misfires.TryGetValue(value, out var misfire) ? misfire : Bad<Misfire?>(name, value, "is no misfire policy", "Give skip, once or all.") },
            "_ENABLED" => before with { Enabled = EnvForms.Flag.TryRead(value, out var flag) ? flag : Bad<bool?>(name, value, "cannot be read", $"Give {EnvForms.Flag.Says}.") },
            "_KIND" => before with { Kind = value.ToLowerInvariant() },
            "_ARGS" => before with { ArgsJson = Args(name, value) },
            _ => before with { Cron = Expression(name, value) },
        };
    }

    private Cron? Expression(string name, string value) =>
        Cron.TryParse(value, out var cron, out var problem)
            ? cron
            : Bad<Cron?>(name, value, $"is no cron expression: {problem}", "Give minute, hour, day, month and weekday, as in \"30 4 * * *\" for half past four each morning.");

    private TimeZoneInfo? Zone(string name, string value) =>
        value.Length <= 100 && TimeZoneInfo.TryFindSystemTimeZoneById(value, out var zone)
            ? zone
            : Bad<TimeZoneInfo?>(name, value, "is no time zone this machine knows", "Give a name such as Europe/Berlin or UTC.");

    private string? Args(string name, string value)
    {
        try
        {
            using var document = JsonDocument.Parse(value);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return value;
        }
        catch (JsonException)
        {
            // Reported below, as for any other value that is not an object.
        }

        // Arguments may contain anything, a key included.
        _problems.Add(new(ExitCode.Malformed, name, "its value (not shown) is no JSON object.", "Give the job's arguments as in {\"download_id\": 7}."));
        return null;
    }

    private void CheckKind(string schedule, ScheduleSetting setting)
    {
        var kind = setting.Kind ?? schedule;
        if (_names.LaneOfKind.ContainsKey(kind))
            return;
        var variable = setting.Kind is null ? VariableOf(schedule) : VariableOf(schedule) + "_KIND";
        _problems.Add(new(
            ExitCode.Malformed,
            variable,
            $"there is no kind called \"{Settings.Shown(kind)}\".",
            $"Known: {string.Join(", ", _names.LaneOfKind.Keys.Order(StringComparer.Ordinal))}. A schedule of another name says its kind in {VariableOf(schedule)}_KIND."));
    }

    private T? Bad<T>(string name, string value, string what, string fix)
    {
        Malformed(name, value, what, fix);
        return default;
    }

    private void Malformed(string name, string value, string what, string fix) =>
        _problems.Add(new(ExitCode.Malformed, name, $"\"{Settings.Shown(value)}\" {what}.", fix));
}
