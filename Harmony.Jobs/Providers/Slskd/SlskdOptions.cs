namespace Harmony.Jobs.Providers.Slskd;

public sealed class SlskdOptions
{
    public const string Provider = "slskd";

    public Uri BaseUrl { get; init; } = new("http://127.0.0.1:5030");

    public string ApiKey { get; init; } = "";

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>0: one try per call; otherwise a second one at once when the connection broke.</summary>
    public int Retries { get; init; } = 1;

    /// <summary>The time since the last answer of a peer, not of the whole search.</summary>
    public TimeSpan SearchTimeout { get; init; } = TimeSpan.FromSeconds(8);
}
