using Harmony.Orchestrator;

namespace Harmony.Api.Pages.DeadLetters;

/// <summary>What is about to happen to how many dead letters.</summary>
public sealed record ConfirmModel(bool Purge, DeadLetterChoice Choice, DeadLetterAge? Age, long Count, DateTimeOffset Now);
