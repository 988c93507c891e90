namespace Harmony.Sandbox.Catalog;

/// <summary>An artist beyond the first: only its name and id are there until somebody asks for more.</summary>
public sealed class FurtherArtist
{
    private readonly Lazy<CatalogPart> _part;
    private readonly Lazy<HashSet<string>> _words;

    internal FurtherArtist(int number, CatalogCredit credit, Func<CatalogArtist> press)
    {
        (Number, Credit) = (number, credit);
        NameWords = PlainText.Words(credit.Name);
        _part = new Lazy<CatalogPart>(() => new CatalogPart([press()]));
        _words = new Lazy<HashSet<string>>(() => Part.Words());
    }

    /// <summary>Its place in the catalogue; its ids, codes and pictures tell it.</summary>
    public int Number { get; }

    public CatalogCredit Credit { get; }

    public IReadOnlyList<string> NameWords { get; }

    public CatalogPart Part => _part.Value;

    internal bool IsMade => _part.IsValueCreated;

    internal bool HasWords(IReadOnlyCollection<string> words) => words.All(_words.Value.Contains);
}
