namespace Harmony.Api.Configuration;

/// <summary>A fault of the configuration or its surroundings, and how to mend it.</summary>
internal sealed record SettingProblem(ExitCode Code, string Component, string Message, string Fix)
{
    public override string ToString() => $"{Component}: {Message} {Fix}".TrimEnd();
}

/// <summary>The exit code of a process that cannot start; scripts of the origin read these numbers.</summary>
internal enum ExitCode
{
    Ok = 0,

    /// <summary>A problem found by <c>selfcheck --verbose</c>.</summary>
    Issues = 1,

    /// <summary>A service cannot be reached.</summary>
    Unreachable = 69,

    /// <summary>A value cannot be read.</summary>
    Malformed = 70,

    /// <summary>A directory is missing or cannot be written.</summary>
    Directory = 71,

    /// <summary>A value is missing, or the combination of values is refused.</summary>
    Missing = 78,
}

/// <summary>The process cannot start with these settings.</summary>
internal sealed class StartupException(IReadOnlyList<SettingProblem> problems)
    : Exception(string.Join(Environment.NewLine, problems))
{
    public StartupException(SettingProblem problem)
        : this([problem])
    {
    }

    public IReadOnlyList<SettingProblem> Problems { get; } = problems;

    public ExitCode Code => Problems[0].Code;
}
