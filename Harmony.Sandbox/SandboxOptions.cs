namespace Harmony.Sandbox;

public sealed record SandboxOptions
{
    public const int DefaultSeed = 20261;
    public const string SlskdApiKey = "sandbox-slskd-key-0001";

    public required string StateDirectory { get; init; }

    public string? DownloadsDirectory { get; init; }

    public IReadOnlyList<SandboxProvider> Providers { get; init; } = Enum.GetValues<SandboxProvider>();

    /// <summary>0 = a free one each; with several providers the n-th listens on Port + n.</summary>
    public int Port { get; init; }

    public int Seed { get; init; } = DefaultSeed;

    /// <summary>So many more artists of twenty releases each, for measurements; found by id only.</summary>
    public int UniformArtists { get; init; }

    public string? ImagesUrl { get; init; }

    /// <summary>Divides the length of searches, queues and transfers; never the short gaps a client must survive.</summary>
    public double Speed { get; init; } = 1;

    public bool EnforceSearchBudget { get; init; } = true;

    public string Downloads => DownloadsDirectory ?? Path.Combine(StateDirectory, "slskd", "downloads");

    internal string StateOf(SandboxProvider provider)
        => Path.Combine(StateDirectory, provider.ToString().ToLowerInvariant());
}
