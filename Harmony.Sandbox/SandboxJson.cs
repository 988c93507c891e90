using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Harmony.Sandbox;

internal static class SandboxJson
{
    public static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static IResult Json(JsonNode? node, int status = 200)
        => Results.Text(node is null ? "null" : node.ToJsonString(Wire), "application/json", statusCode: status);

    public static IResult BareString(string text, int status)
        => Results.Text(JsonSerializer.Serialize(text, Wire), "application/json", statusCode: status);

    public static JsonArray Array(IEnumerable<JsonNode?> nodes) => new([.. nodes]);

    public static JsonArray Strings(IEnumerable<string> texts)
        => new([.. texts.Select(text => (JsonNode?)JsonValue.Create(text))]);

    /// <summary>The body as JSON; null where it is none.</summary>
    public static async Task<JsonNode?> ReadAsync(HttpRequest request)
    {
        try
        {
            return await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
