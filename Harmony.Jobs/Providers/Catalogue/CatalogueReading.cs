using Harmony.Jobs.Providers.Http;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Providers.Catalogue;

/// <summary>The answers of the sources of one artist, and the failed sources.</summary>
public sealed record CatalogueReading(IReadOnlyList<CatalogueArtist> Artists, IReadOnlyList<CatalogueFailure> Failures)
{
    public bool IsPartial => Failures.Count > 0;
}

/// <summary>An artist and its albums from one source: all of them, or (<c>IsWhole</c> is false) the requested number.</summary>
public sealed record CatalogueArtist(string Source, ProviderArtist Artist, IReadOnlyList<ProviderAlbum> Albums, bool IsWhole);

/// <summary>A key without an answer, and the reason.</summary>
public sealed record CatalogueFailure(string ArtistKey, Exception Error)
{
    public string Code => Error switch
    {
        ProviderException failed => failed.Code,
        ProviderBlockedException => "blocked",
        PermanentJobException refused => refused.ReasonCode,
        _ => "failed",
    };
}
