using System.Reflection;

namespace Harmony.Api.Http;

/// <summary>The version that Directory.Build.props gives this build.</summary>
internal static class ProductVersion
{
    public static string Text { get; } = typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
