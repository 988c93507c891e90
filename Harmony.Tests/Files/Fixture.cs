namespace Harmony.Tests.Files;

/// <summary>Small real files, made once with ffmpeg and flac (see Fixtures/README.md).</summary>
internal static class Fixture
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    public static FileStream Open(string name) => File.OpenRead(PathOf(name));

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));
}
