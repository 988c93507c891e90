using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Metadata;

namespace Harmony.Api.Http;

/// <summary>An <see cref="ApiError"/> as the result of a handler.</summary>
internal sealed class ApiProblem(ApiError error) : IResult, IEndpointMetadataProvider
{
    public ApiError Error { get; } = error;

    public static implicit operator ApiProblem(ApiError error) => new(error);

    public Task ExecuteAsync(HttpContext httpContext) =>
        httpContext.RequestServices.GetRequiredService<ErrorWriter>().WriteAsync(httpContext, Error);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(400, typeof(ErrorEnvelope), ["application/json"]));
}

/// <summary>The shape of every error, for the API's description.</summary>
internal sealed record ErrorEnvelope(bool Ok, ErrorBody Error);

internal sealed record ErrorBody(string Code, string Message, IReadOnlyDictionary<string, object?>? Meta);

/// <summary>The success envelope of the routes that have always had one.</summary>
internal sealed record Envelope<T>([property: JsonPropertyOrder(1)] T Data)
{
    public bool Ok { get; } = true;

    [JsonPropertyOrder(2)]
    public object? Error { get; }
}
