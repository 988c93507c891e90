using System.Collections.Concurrent;
using Harmony.Jobs.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Providers;

/// <summary>A real HTTP server on loopback that answers as a test says; what was asked is kept in order.</summary>
internal sealed class LoopbackProvider : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _asked = new();

    private LoopbackProvider(WebApplication app) => _app = app;

    public Uri Url { get; private set; } = null!;

    public IReadOnlyList<string> Asked => [.. _asked];

    public static async Task<LoopbackProvider> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var provider = new LoopbackProvider(app);
        app.Run(async context =>
        {
            provider._asked.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
            await answer(context);
        });
        await app.StartAsync();
        provider.Url = new Uri(app.Urls.Single());
        return provider;
    }

    /// <summary>The real clients, registered the way the host does it.</summary>
    public static ServiceProvider Clients(ProviderOptions options, TimeProvider? time = null, Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection();
        if (time is not null)
            services.AddSingleton(time);

        services.AddHarmonyProviders(options);
        more?.Invoke(services);
        return services.BuildServiceProvider();
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
