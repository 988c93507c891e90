using System.Threading.RateLimiting;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Api.Http;

namespace Harmony.Api.Access;

/// <summary>A token bucket in this process per route and caller (address, and key if it is configured). An unknown key gets no bucket of its own.</summary>
internal static class RateLimits
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
        var account = Credential.Of(context.Request) is Credential.Key key ? context.RequestServices.GetRequiredService<ApiKeyStore>().Find(key.Text) : null;
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
        return $"{context.Connection.RemoteIpAddress}|{account?.Actor}|{context.Request.Method} {route}";
    }
}
