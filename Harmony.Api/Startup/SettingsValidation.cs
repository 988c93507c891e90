using Harmony.Api.Configuration;
using Harmony.Orchestrator;
using Microsoft.Extensions.Options;

namespace Harmony.Api.Startup;

/// <summary>A host starts only with settings the self-check takes; what stops it has the exit code and the words of <c>harmony selfcheck</c>.</summary>
/// <remarks>It stands for all options, on those that every process has. Verbs do without: they must help to mend what a host would refuse.</remarks>
internal sealed class SettingsValidation(SelfCheck check) : IValidateOptions<OrchestratorOptions>
{
    public ValidateOptionsResult Validate(string? name, OrchestratorOptions options) =>
        check.Form() is { Count: > 0 } problems ? throw new StartupException(problems) : ValidateOptionsResult.Success;
}
