using Harmony.Orchestrator;

namespace Harmony.Jobs.Providers.Http;

/// <summary>A provider failed in a way that may pass: the job is retried.</summary>
internal sealed class ProviderException(string provider, string code, string message, Exception? inner = null)
    : ProviderFailedException(provider, message, inner)
{
    /// <summary>One of <c>unreachable</c>, <c>timeout</c>, <c>server_error</c>, <c>bad_reply</c>, <c>truncated</c>, <c>reply_too_large</c>, <c>unexpected_status</c>.</summary>
    public string Code { get; } = code;

    public override bool IsOutage => Code is "unreachable" or "timeout" or "truncated" or "server_error";
}
