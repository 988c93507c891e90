namespace Harmony.Api.Http;

/// <summary>Lists of new endpoints: the items, and where to go on.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);
