using Harmony.Api.Configuration;
using Harmony.Orchestrator;
using Microsoft.Extensions.Options;

namespace Harmony.Api.Startup;

/// <summary>A host starts only with settings that pass the self-check; a refusal has the exit code and the messages of <c>harmony selfcheck</c>.</summary>
/// <remarks>It validates all options, registered on those that every process has. Verbs skip it: they must help to mend refused settings.</remarks>
internal sealed class SettingsValidation(SelfCheck check) : IValidateOptions<OrchestratorOptions>
{
    public ValidateOptionsResult Validate(string? name, OrchestratorOptions options) =>
        check.Form() is { Count: > 0 } problems ? throw new StartupException(problems) : ValidateOptionsResult.Success;
}
