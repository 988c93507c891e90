using System.Text.Encodings.Web;
using System.Text.Json;

namespace Harmony.Data;

/// <summary>Many rows in one jsonb parameter: the names are the columns, and no character PostgreSQL refuses gets through.</summary>
public static class RowJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // jsonb and text cannot hold NUL; titles and file names from outside may.
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options).Replace("\\u0000", "", StringComparison.Ordinal);

    public static T? Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options);
}
