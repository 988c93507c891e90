namespace Harmony.Tests.Files;

/// <summary>A folder of one test, gone with it.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public ScratchFolder(string? parent = null)
    {
        Root = Path.Combine(parent ?? Path.GetTempPath(), $"harmony-test-{Guid.CreateVersion7():N}");
        Directory.CreateDirectory(Root);
    }

    public string Root { get; }

    public string At(params string[] parts) => Path.Combine([Root, .. parts]);

    public string Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), content);
        return At(name);
    }

    public string Copy(string fixture, string? name = null)
    {
        File.Copy(Fixture.PathOf(fixture), At(name ?? fixture));
        return At(name ?? fixture);
    }

    public string[] Files() => [.. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Root, file)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
