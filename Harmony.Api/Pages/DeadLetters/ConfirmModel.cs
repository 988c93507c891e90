using Harmony.Orchestrator;

namespace Harmony.Api.Pages.DeadLetters;

/// <summary>The action to confirm, and the number of its dead letters.</summary>
public sealed record ConfirmModel(bool Purge, DeadLetterChoice Choice, DeadLetterAge? Age, long Count, DateTimeOffset Now);
