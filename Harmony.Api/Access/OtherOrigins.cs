using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Api.Http;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Harmony.Api.Access;

/// <summary>Other origins that may call the API: listed ones, with a key in a header, never with a visitor's cookies or passwords.</summary>
internal sealed class OtherOrigins
{
    private readonly HashSet<string> _listed;
    private readonly PathString _base;

    public OtherOrigins(Settings settings, AccessMode mode)
    {
        _listed = new(mode.Open ? [] : settings.Get(AccessKeys.AllowedOrigins), StringComparer.OrdinalIgnoreCase);
        _base = settings.Get(HostKeys.BasePath);
        Policy = new CorsPolicyBuilder([.. _listed])
            .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
            .WithHeaders("X-API-Key", "Authorization", "Content-Type", "If-Match", "If-None-Match", "Idempotency-Key", "X-Request-ID", "traceparent")
            .WithExposedHeaders("ETag", "Location", "Retry-After", "X-Request-ID", "X-Debug-Id")
            .SetPreflightMaxAge(TimeSpan.FromMinutes(10))
            .Build();
    }

    public CorsPolicy Policy { get; }

    public bool Any => _listed.Count > 0;

    public bool Serves(HttpRequest request) => Any && request.Path.StartsWithSegments(_base, StringComparison.OrdinalIgnoreCase) && !RequestKind.IsPage(request.Path);

    public bool Allows(HttpRequest request) => Serves(request) && _listed.Contains(request.Headers.Origin.ToString());
}
