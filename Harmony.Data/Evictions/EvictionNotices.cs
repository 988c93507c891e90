namespace Harmony.Data.Evictions;

/// <param name="ArtistKey">Null when so many artists changed that all answers must be evicted.</param>
/// <param name="Asked">True for an explicit request; false when a commit sent it.</param>
public sealed record EvictionNotice(string? ArtistKey, bool Asked)
{
    public const string Channel = "harmony_evict";

    public static EvictionNotice Of(string payload) => payload switch
    {
        "*" => new(null, Asked: false),
        ['!', .. var key] => new(key, Asked: true),
        _ => new(payload, Asked: false),
    };
}

/// <summary>Notifies every process with cached answers of a changed artist: triggers do so as part of a commit, and explicit requests do so too.</summary>
public sealed class EvictionNotices(Database database)
{
    /// <summary>Evicts the artist's answers in every process, whether or not commits notify by themselves.</summary>
    public Task AskAsync(string artistKey, CancellationToken cancellationToken) =>
        database.ExecuteAsync("select pg_notify('harmony_evict', '!' || @artistKey)", new { artistKey }, cancellationToken);
}
