using Harmony.Api.Configuration;

namespace Harmony.Api.Startup;

/// <summary>The result of one check: in order, a warning, or a problem that stops the start.</summary>
internal sealed record Finding(string Component, string Sentence, bool IsWarning, SettingProblem? Problem)
{
    public static Finding Ok(string component, string sentence) => new(component, sentence, IsWarning: false, Problem: null);

    public static Finding Warning(string component, string sentence) => new(component, sentence, IsWarning: true, Problem: null);

    public static Finding Of(SettingProblem problem) => new(problem.Component, $"{problem.Message} {problem.Fix}".TrimEnd(), IsWarning: false, problem);

    public override string ToString() => $"{(Problem is { } problem ? (int)problem.Code : IsWarning ? "warning" : "ok")} {Component}: {Sentence}";
}
