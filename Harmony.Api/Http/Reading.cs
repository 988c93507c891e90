namespace Harmony.Api.Http;

/// <summary>Lists of new endpoints: the items and the cursor of the next page.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);
