using System.Text;
using System.Text.Encodings.Web;
using Harmony.Api.Access;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Api.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Harmony.Api.OpenApi;

/// <summary>The API about itself: <c>openapi.json</c>, and a plain page of all routes that loads nothing.</summary>
internal static class Description
{
    public static void AddHarmonyOpenApi(this IServiceCollection services) =>
        services.AddOpenApi("v1", options => options.AddOperationTransformer(ShowExample).AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = "Harmony", Version = ProductVersion.Text, Description = "A durable job orchestrator for a self-hosted music library." };
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["api_key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-API-Key" },
            };
            document.Security = [new() { [new OpenApiSecuritySchemeReference("api_key", document)] = [] }];
            return Task.CompletedTask;
        }));

    private static Task ShowExample(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        foreach (var example in context.Description.ActionDescriptor.EndpointMetadata.OfType<Example>())
            example.Show(operation);
        return Task.CompletedTask;
    }

    public static void MapDescription(this RouteGroupBuilder api, Settings settings)
    {
        var basePath = settings.Get(HostKeys.BasePath);
        Guard(api.MapOpenApi("/openapi.json"), settings);
        Guard(api.MapGet("/docs", (EndpointDataSource endpoints) => TypedResults.Text(Page(endpoints, basePath), "text/html", Encoding.UTF8)), settings)
            .ExcludeFromDescription();
    }

    private static T Guard<T>(T endpoint, Settings settings)
        where T : IEndpointConventionBuilder =>
        settings.Get(AccessKeys.ProtectDocs) ? endpoint.RequireAuthorization(Roles.Viewer) : endpoint.AllowAnonymous();

    private static string Page(EndpointDataSource endpoints, string basePath)
    {
        var rows = endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true })
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(method => (Path: $"/{e.RoutePattern.RawText?.TrimStart('/')}", Method: method, Endpoint: e)))
            .OrderBy(r => r.Path, StringComparer.Ordinal)
            .ThenBy(r => r.Method, StringComparer.Ordinal);
        var page = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Harmony API</title></head><body><h1>Harmony API</h1><p>Machine-readable: <a href=\"");
        page.Append(Text($"{basePath}/openapi.json")).Append("\">openapi.json</a>. Keys go into the header X-API-Key.</p><table><tr><th>Method</th><th>Path</th><th>Role</th><th></th></tr>\n");
        foreach (var (path, method, endpoint) in rows)
        {
            var role = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null ? "anyone" : endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy ?? Roles.Viewer;
            var summary = endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary ?? "";
            page.Append("<tr><td>").Append(Text(method)).Append("</td><td><code>").Append(Text(path)).Append("</code></td><td>").Append(Text(role))
                .Append("</td><td>").Append(Text(summary)).Append("</td></tr>\n");
        }

        return page.Append("</table></body></html>\n").ToString();
    }

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
