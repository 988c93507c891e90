using System.Text.Json;
using Harmony.Data.Artists;

namespace Harmony.Api.Pages.Artists;

/// <summary>A row of the artist audit in words: its name, and the fields that changed.</summary>
internal static class ChangeWords
{
    // The fields that name a row of the audit, in order of preference.
    private static readonly string[] Names = ["title", "name", "alias"];

    /// <summary>The name, or the old and the new one if it changed.</summary>
    public static string Name(ArtistAudit change)
    {
        var (before, after) = (NameIn(change.Before), NameIn(change.After));
        return before is not null && after is not null && before != after ? $"{before} → {after}" : after ?? before ?? change.EntityId;
    }

    public static string What(ArtistAudit change)
    {
        var what = $"{change.EntityType} {change.Event}";
        if (change.Before is null || change.After is null)
            return what;
        var (before, after) = (Fields(change.Before), Fields(change.After));
        var parts = after.Where(a => !before.TryGetValue(a.Key, out var was) || !JsonElement.DeepEquals(was, a.Value)).Select(a => a.Key.Replace('_', ' ')).ToList();
        return parts.Count > 0 ? $"{what}: {string.Join(", ", parts)}" : what;
    }

    private static string? NameIn(string? json)
    {
        if (json is null)
            return null;
        var fields = Fields(json);
        return Names.Select(n => fields.GetValueOrDefault(n)).Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()).FirstOrDefault();
    }

    private static Dictionary<string, JsonElement> Fields(string json) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json) ?? [];
}
