using System.Text.Json;
using System.Text.Json.Serialization;
using Harmony.Data.Artists;
using Harmony.Jobs.Artists;

namespace Harmony.Api.Artists;

// These routes have always used camelCase, unlike the rest of the API.

/// <summary>The differences between an artist and its source, and whether they were written.</summary>
internal sealed record ReconcileView
{
    private const int MostShown = 20;

    [JsonPropertyName("artistKey")]
    public required string ArtistKey { get; init; }

    [JsonPropertyName("dryRun")]
    public bool DryRun { get; init; } = true;

    [JsonPropertyName("applied")]
    public bool Applied { get; init; }

    [JsonPropertyName("providers")]
    public required IReadOnlyList<string> Providers { get; init; }

    [JsonPropertyName("providerErrors")]
    public IReadOnlyDictionary<string, string> ProviderErrors { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    [JsonPropertyName("delta")]
    public required DeltaView Delta { get; init; }

    [JsonPropertyName("safety")]
    public required SafetyView Safety { get; init; }

    [JsonPropertyName("warnings")]
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The job that writes, unless it was a dry run.</summary>
    [JsonPropertyName("jobId")]
    public long? JobId { get; init; }

    [JsonPropertyName("result")]
    public JsonElement? Result { get; init; }

    public static ReconcileView Of(string artistKey, ArtistPreview preview, ArtistSafety safety) => new()
    {
        ArtistKey = artistKey,
        Providers = [Harmony.Jobs.Artists.ArtistKey.Spotify],
        Delta = DeltaView.Of(preview.Delta, MostShown),
        Safety = SafetyView.Of(safety),
        Warnings =
        [
            .. safety.Age is null ? ["Nothing is known of this artist yet."] : Array.Empty<string>(),
            .. safety is { Age: { } age, IsStale: true } ? [$"What is known is {(int)age.TotalMinutes} minutes old."] : Array.Empty<string>(),
            .. safety.Running is { } running ? [$"Job {running.JobId} is at this artist now."] : Array.Empty<string>(),
        ],
    };
}

internal sealed record DeltaView(
    [property: JsonPropertyName("summary")] DeltaSummary Summary,
    [property: JsonPropertyName("releases")] DeltaReleases Releases,
    [property: JsonPropertyName("aliases")] DeltaAliases Aliases)
{
    public static DeltaView Of(ArtistDelta delta, int most)
    {
        var (added, updated) = (delta.Releases.Where(r => r.Before is null).ToList(), delta.Releases.Where(r => r.Before is not null).ToList());
        return new(
            new(added.Count, updated.Count, delta.Gone.Count, delta.NewAliases.Count, 0),
            new(
                [.. added.Take(most).Select(r => ReleasePreview.Of(r.After))],
                [.. updated.Take(most).Select(r => ReleasePreview.Of(r.After))],
                [.. delta.Gone.Take(most).Select(ReleasePreview.Of)]),
            new(delta.NewAliases, []));
    }
}

internal sealed record DeltaSummary(
    [property: JsonPropertyName("added")] int Added,
    [property: JsonPropertyName("updated")] int Updated,
    [property: JsonPropertyName("removed")] int Removed,
    [property: JsonPropertyName("aliasAdded")] int AliasAdded,
    [property: JsonPropertyName("aliasRemoved")] int AliasRemoved);

/// <summary>At most twenty of each; the summary has the full counts.</summary>
internal sealed record DeltaReleases(
    [property: JsonPropertyName("added")] IReadOnlyList<ReleasePreview> Added,
    [property: JsonPropertyName("updated")] IReadOnlyList<ReleasePreview> Updated,
    [property: JsonPropertyName("removed")] IReadOnlyList<ReleasePreview> Removed);

internal sealed record DeltaAliases(
    [property: JsonPropertyName("added")] IReadOnlyList<string> Added,
    [property: JsonPropertyName("removed")] IReadOnlyList<string> Removed);

internal sealed record ReleasePreview(
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("source")] string Source,
    [property: JsonPropertyName("sourceId")] string SourceId,
    [property: JsonPropertyName("releaseDate")] string? ReleaseDate,
    [property: JsonPropertyName("releaseType")] string ReleaseType)
{
    public static ReleasePreview Of(ReleaseWrite r) => new(r.Title, ArtistKey.Spotify, r.SourceId, r.ReleaseDate, r.ReleaseType);

    public static ReleasePreview Of(Release r) => new(r.Title, r.Source, r.SourceId, r.ReleaseDate, r.ReleaseType);
}

internal sealed record SafetyView(
    [property: JsonPropertyName("locked")] bool Locked,
    [property: JsonPropertyName("retryAttempts")] int RetryAttempts,
    [property: JsonPropertyName("retryBudget")] int RetryBudget,
    [property: JsonPropertyName("stale")] bool Stale,
    [property: JsonPropertyName("stalenessMinutes")] double? StalenessMinutes,
    [property: JsonPropertyName("activeJobId")] long? ActiveJobId,
    [property: JsonPropertyName("activeLeaseExpiresAt")] DateTimeOffset? ActiveLeaseExpiresAt)
{
    public static SafetyView Of(ArtistSafety safety) => new(
        safety.Running is not null,
        safety.Tries,
        safety.Options.AdminRetryBudget,
        safety.IsStale,
        safety.Age is { } age ? Math.Round(age.TotalMinutes, 1) : null,
        safety.Running?.JobId,
        safety.Running?.LeaseUntil);
}

internal sealed record ResyncView(
    [property: JsonPropertyName("enqueued")] bool Enqueued,
    [property: JsonPropertyName("jobId")] long JobId,
    [property: JsonPropertyName("priority")] int Priority);

/// <param name="Evicted">The number of evicted answers in this process; every other process evicts its own.</param>
internal sealed record InvalidatedView(
    [property: JsonPropertyName("artistKey")] string ArtistKey,
    [property: JsonPropertyName("evicted")] int Evicted);

internal sealed record ArtistAuditPage(
    [property: JsonPropertyName("artistKey")] string ArtistKey,
    [property: JsonPropertyName("items")] IReadOnlyList<ArtistAuditView> Items,
    [property: JsonPropertyName("nextCursor")] string? NextCursor,
    [property: JsonPropertyName("limit")] int Limit)
{
    public static ArtistAuditPage Of(string artistKey, IReadOnlyList<ArtistAudit> rows, int limit) => new(
        artistKey,
        [.. rows.Take(limit).Select(ArtistAuditView.Of)],
        rows.Count > limit ? rows[limit - 1].Id.ToString(System.Globalization.CultureInfo.InvariantCulture) : null,
        limit);
}

internal sealed record ArtistAuditView(
    [property: JsonPropertyName("id")] long Id,
    [property: JsonPropertyName("createdAt")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("jobId")] long? JobId,
    [property: JsonPropertyName("entityType")] string EntityType,
    [property: JsonPropertyName("entityId")] string EntityId,
    [property: JsonPropertyName("event")] string Event,
    [property: JsonPropertyName("before")] JsonElement? Before,
    [property: JsonPropertyName("after")] JsonElement? After)
{
    public static ArtistAuditView Of(ArtistAudit a) =>
        new(a.Id, a.CreatedAt, a.JobId, a.EntityType, a.EntityId, a.Event, Parsed(a.Before), Parsed(a.After));

    private static JsonElement? Parsed(string? json) => json is null ? null : JsonElement.Parse(json);
}
