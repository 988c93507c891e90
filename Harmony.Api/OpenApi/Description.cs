using System.Security.Cryptography;
using Harmony.Api.Access;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Api.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Harmony.Api.OpenApi;

/// <summary>The description of the API: <c>openapi.json</c>, and a page that shows it and sends calls.</summary>
internal static class Description
{
    public static void AddHarmonyOpenApi(this IServiceCollection services) =>
        services.AddOpenApi("v1", options => options.AddOperationTransformer(ShowRoleAndExample).AddDocumentTransformer((document, _, _) =>
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

    private static Task ShowRoleAndExample(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var role = metadata.OfType<IAllowAnonymous>().Any() ? "anyone" : metadata.OfType<IAuthorizeData>().LastOrDefault()?.Policy ?? Roles.Viewer;
        operation.Description = $"Role: {role}.";
        foreach (var example in metadata.OfType<Example>())
            example.Show(operation);
        return Task.CompletedTask;
    }

    public static void MapDescription(this RouteGroupBuilder api, Settings settings)
    {
        var document = $"{settings.Get(HostKeys.BasePath)}/openapi.json";
        Guard(api.MapOpenApi("/openapi.json"), settings);
        Guard(api.MapScalarApiReference("/docs", (page, context) => Show(page.WithOpenApiRoutePattern(document), context)), settings);
    }

    // Scripts and fonts come from this host only: the page calls no other.
    private static void Show(ScalarOptions page, HttpContext context)
    {
        // Digits only: other signs would be written as entities in the page.
        var nonce = RandomNumberGenerator.GetHexString(32, lowercase: true);
        context.Response.Headers.ContentSecurityPolicy = SecurityHeaders.PolicyOfDocs(nonce);
        page.WithNonce(nonce).WithTitle("Harmony API").DisableDefaultFonts().DisableAgent().DisableTelemetry().HideClientButton().HideDeveloperTools();
    }

    private static T Guard<T>(T endpoint, Settings settings)
        where T : IEndpointConventionBuilder =>
        settings.Get(AccessKeys.ProtectDocs) ? endpoint.RequireAuthorization(Roles.Viewer) : endpoint.AllowAnonymous();
}
