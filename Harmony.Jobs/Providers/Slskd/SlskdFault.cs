namespace Harmony.Jobs.Providers.Slskd;

/// <summary>Why slskd gave no answer that can be used.</summary>
public sealed record SlskdFault(string Code, string Sentence)
{
    public bool IsUnreachable => Code is "unreachable" or "timeout" or "truncated";

    public bool IsKeyRefused => Code == "slskd_unauthorized";

    /// <summary>Something else answers at the address, or slskd at another path: slskd itself serves its web page there, with status 200.</summary>
    public bool IsNotSlskd => Code is "bad_reply" or "not_found" or "unexpected_status";
}

/// <summary>One answer of slskd; the value counts only without a fault.</summary>
public sealed record SlskdAnswer<T>(T? Value, SlskdFault? Fault);
