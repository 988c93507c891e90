namespace Harmony.Sandbox.Images;

/// <summary>
/// Where album and artist objects point for pictures. The image host may be another process: it leaves its address in
/// the shared state directory.
/// </summary>
internal sealed class ImageAddress(SandboxOptions options)
{
    private string? _own;

    private string Note => Path.Combine(options.StateDirectory, "images", "address");

    public void Announce(SandboxProvider provider, string url)
    {
        if (provider != SandboxProvider.Images)
            return;
        _own = url;
        File.WriteAllText(Note, url);
    }

    public string BaseUrl => options.ImagesUrl ?? _own ?? Neighbour();

    private string Neighbour()
        => File.Exists(Note)
            ? File.ReadAllText(Note)
            : $"http://127.0.0.1:{options.Port + (int)SandboxProvider.Images}";
}
