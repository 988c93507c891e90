namespace Harmony.Sandbox.Catalog;

/// <summary>Names from word lists, never the same twice within one sequence.</summary>
internal sealed class NameSmith(Dice dice, string[] first, string[] second)
{
    private static readonly string[] First =
    [
        "Amber", "Silent", "Paper", "Northern", "Hollow", "Velvet", "Broken", "Golden", "Winter", "Electric", "Distant",
        "Quiet", "Crimson", "Wandering", "Frozen", "Burning", "Lonely", "Silver", "Midnight", "Restless", "Painted",
        "Falling", "Secret", "Endless", "Wooden", "Salt", "Early", "Borrowed", "Faded",
    ];

    private static readonly string[] Second =
    [
        "Rivers", "Engine", "Garden", "Letters", "Signal", "Window", "Orchard", "Station", "Mirror", "Harvest", "Lantern",
        "Compass", "Weather", "Staircase", "Thunder", "Feather", "Canyon", "Ribbon", "Machine", "Shoreline", "Parade",
        "Anthem", "Skyline", "Marble", "Pocket", "Carousel", "Satellite", "Bridges", "Echoes", "Meadow", "Voyage",
    ];

    private static readonly string[] Genres =
        ["indie folk", "slowcore", "dream pop", "ambient", "post-rock", "chamber pop", "synthwave", "nordic jazz", "shoegaze", "garage rock"];

    // Both list lengths are primes: any stride below them visits every pair once.
    private readonly int _stride = dice.Between(1, first.Length - 1);
    private int _at = dice.Below(first.Length * second.Length);

    public NameSmith(Dice dice)
        : this(dice, First, Second)
    {
    }

    public string Next()
    {
        _at += _stride;
        return $"{first[_at % first.Length]} {second[_at % second.Length]}";
    }

    public static string[] GenresFor(Dice dice)
    {
        var first = dice.Below(Genres.Length);
        return [Genres[first], Genres[(first + dice.Between(1, Genres.Length - 1)) % Genres.Length]];
    }
}
