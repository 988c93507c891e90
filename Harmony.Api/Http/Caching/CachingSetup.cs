using Harmony.Api.Configuration;
using Harmony.Data;
using Harmony.Data.Evictions;
using Harmony.Data.Notices;

namespace Harmony.Api.Http.Caching;

/// <summary>Registers the response cache; switched off, it exists and stays empty.</summary>
internal static class CachingSetup
{
    public static void AddResponseCache(this IServiceCollection services, Settings settings)
    {
        var options = new ResponseCacheOptions(settings);
        services.AddSingleton(options);
        services.AddSingleton<ResponseCache>();
        services.AddSingleton<AnswerWriter>();
        services.AddSingleton<EvictionNotices>();
        services.AddSingleton(provider => new NoticeListener(
            () => DataSources.Alone(DatabaseAddress.Of(settings), "harmony"), [EvictionNotice.Channel], EvictionListener.Quiet, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<EvictionListener>();
        if (options.IsOn)
            services.AddHostedService(provider => provider.GetRequiredService<EvictionListener>());
    }

    public static void UseResponseCache(this WebApplication app)
    {
        CacheMetrics.Declare();
        if (app.Services.GetRequiredService<ResponseCacheOptions>().IsOn)
            app.UseMiddleware<ResponseCaching>();
    }
}
