using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Harmony.Api.OpenApi;

/// <summary>Examples of a call and its answer for the API's description; JSON texts.</summary>
internal sealed record Example(string? Answer, string? Request)
{
    internal void Show(OpenApiOperation operation)
    {
        Put(operation.RequestBody?.Content, Request);
        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (status.StartsWith('2'))
                Put(response.Content, Answer);
        }
    }

    private static void Put(IDictionary<string, OpenApiMediaType>? content, string? json)
    {
        if (json is not null && content?.TryGetValue("application/json", out var media) == true)
            media.Example = JsonNode.Parse(json);
    }
}

internal static class ExampleOfRoute
{
    public static RouteHandlerBuilder WithExample(this RouteHandlerBuilder route, string? answer = null, string? request = null) =>
        route.WithMetadata(new Example(answer, request));
}
