namespace Harmony.Tests;

/// <summary>The folder these tests were built from.</summary>
internal static class Clone
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Harmony.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException($"No Harmony.sln above {AppContext.BaseDirectory}");
        return folder.FullName;
    }
}
