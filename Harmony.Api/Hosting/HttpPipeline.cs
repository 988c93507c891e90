using Harmony.Api.Access;
using Harmony.Api.Configuration;
using Harmony.Api.Http;
using Harmony.Api.Http.Caching;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Harmony.Api.Hosting;

/// <summary>The middleware of every request, in order.</summary>
internal static class HttpPipeline
{
    private const long LargestBody = 2 * 1024 * 1024;

    public static void AddHarmonyHttp(this WebApplicationBuilder builder, Settings settings, int port)
    {
        var services = builder.Services;
        services.AddRouting();
        services.AddSingleton<ErrorWriter>();
        services.ConfigureHttpJsonOptions(options => ApiJson.Shape(options.SerializerOptions));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddResponseCompression(options =>
        {
            options.Providers.Add<GzipCompressionProvider>();
            options.MimeTypes = ["application/json", "text/plain", "text/html", "text/css", "text/javascript"];
        });
        if (RateLimits.AreOn(settings))
            services.AddHarmonyRateLimits(settings);
        services.AddResponseCache(settings);
        builder.WebHost.ConfigureKestrel(options => Listen(options, settings, port));
    }

    public static void UseHarmonyHttp(this WebApplication app, Settings settings)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<RequestIdentity>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseResponseCompression();
        app.UseMiddleware<ErrorBoundary>();
        var others = app.Services.GetRequiredService<OtherOrigins>();
        if (others.Any)
            app.UseWhen(context => others.Serves(context.Request), branch => branch.UseMiddleware<OriginHeaders>());
        app.UseMiddleware<BrowserGuard>();
        app.UseMiddleware<HeadRequests>();
        app.UseRouting();
        if (RateLimits.AreOn(settings))
            app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<BodyCharset>();
        app.UseMiddleware<FormGuard>();
        app.UseAntiforgery();
        // Last: every check that may refuse a call runs before the cache answers it.
        app.UseResponseCache();
    }

    private static void Listen(KestrelServerOptions options, Settings settings, int port)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = LargestBody;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        options.Limits.MaxRequestLineSize = 16 * 1024;
        options.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
        options.Listen(Addresses.Bind(settings), port);
    }
}
