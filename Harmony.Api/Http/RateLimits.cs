using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Harmony.Api.Access;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;

namespace Harmony.Api.Http;

/// <summary>A token bucket per caller (address and key) and route, in this process.</summary>
public static class RateLimits
{
    public static bool AreOn(Settings settings) => settings.Get(AccessKeys.RateLimiting) ?? AccessMode.IsProd(settings);

    public static void AddHarmonyRateLimits(this IServiceCollection services, Settings settings)
    {
        var refill = settings.Get(AccessKeys.RateRefill);
        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = settings.Get(AccessKeys.RateBucket),
            TokensPerPeriod = Math.Max(1, (int)Math.Round(refill)),
            ReplenishmentPeriod = TimeSpan.FromSeconds(Math.Max(1, (int)Math.Round(refill)) / refill),
        };
        services.AddRateLimiter(options =>
        {
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
                RateLimitPartition.GetTokenBucketLimiter(CallerAndRoute(context), _ => bucket));
            options.OnRejected = (rejected, _) =>
            {
                var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
                var errors = rejected.HttpContext.RequestServices.GetRequiredService<ErrorWriter>();
                return new(errors.WriteAsync(rejected.HttpContext, ApiError.TooMany(wait)));
            };
        });
    }

    private static string CallerAndRoute(HttpContext context)
    {
        var key = context.Request.Headers["X-API-Key"].ToString() is { Length: > 0 } given ? given : context.Request.Headers.Authorization.ToString();
        var hash = key.Length == 0 ? "" : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)), 0, 8);
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
        return $"{context.Connection.RemoteIpAddress}|{hash}|{context.Request.Method} {route}";
    }
}
