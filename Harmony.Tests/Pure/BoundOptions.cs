using Harmony.Api.Configuration;
using Harmony.Api.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Pure;

/// <summary>The options an environment makes, as the services are given them.</summary>
internal static class BoundOptions
{
    public static T Of<T>(Settings settings)
        where T : notnull
    {
        var services = new ServiceCollection();
        services.AddRoomOptions(settings);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<T>();
    }
}
