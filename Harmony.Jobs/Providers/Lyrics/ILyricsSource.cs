namespace Harmony.Jobs.Providers.Lyrics;

/// <summary>Null means: this source answered, and has no lyrics.</summary>
internal interface ILyricsSource
{
    string Name { get; }

    Task<Lyrics?> FindAsync(LyricsQuery query, CancellationToken cancellationToken);
}
