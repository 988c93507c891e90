namespace Harmony.Sandbox.Catalog;

/// <summary>Names and titles of the further artists, as ugly as real ones. No word of theirs is one of the first artists'.</summary>
internal static class FurtherNames
{
    public static readonly string[] Before =
    [
        "Zinc", "Cobalt", "Juniper", "Hazel", "Saffron", "Umber", "Velour", "Quartz", "Nimbus", "Lunar", "Arctic", "Coastal",
        "Drowsy", "Feral", "Gilded", "Humming", "Idle", "Jagged", "Kindled", "Lucid", "Mellow", "Nomad", "Opal", "Pallid", "Rusted",
        "Sable", "Tidal", "Uneven", "Vagrant", "Wayward", "Yonder",
    ];

    public static readonly string[] After =
    [
        "Antlers", "Balcony", "Cinema", "Dynamo", "Estuary", "Foundry", "Glacier", "Hinterland", "Inkwell", "Jetty", "Kiln", "Ladder",
        "Monsoon", "Nocturne", "Observatory", "Pavilion", "Quarry", "Ravine", "Sparrow", "Turbine", "Undertow", "Viaduct", "Willow",
        "Xylophone", "Yarn", "Zeppelin", "Archive", "Beacon", "Cathedral", "Driftwood", "Ferry", "Granite", "Heron", "Island",
        "Jasmine", "Kestrel", "Lagoon",
    ];

    /// <summary>Right to left, or in scripts whose words no space divides.</summary>
    public static readonly string[] Foreign =
    [
        "תזמורת הרוח", "قافلة الفجر", "گروه باران", "اردو چراغ", "עיר לבנה", "سفينة الورق", "東京クワイア", "深海电台", "여름 정류장",
        "Северный Трамвай", "Ηλεκτρική Θάλασσα", "วงสายฝน", "রেলগাড়ি", "ქარის სახლი", "Երկաթե Ծաղիկ", "Đêm Trắng",
    ];

    public static readonly string[] Emoji = ["🦊", "🪐", "👩‍🚀", "🏴‍☠️", "🇮🇸", "🫠", "❤️‍🔥", "♾️"];

    /// <summary>Titles that many artists have given to different releases.</summary>
    public static readonly string[] Common = ["Untitled", "Greatest Hits", "Demos", "II", "Intro", "Acoustic Sessions", "[untitled]", "…"];

    public static readonly string[] Suffixes =
        [" (Remastered 2011)", " - Mono", " [Expanded]", " (feat. somebody)", " (Acoustic)", "/B-Sides", " \u200B", " …", " (Bonus)", " - 2009 Remaster"];

    private static readonly HashSet<string> TitleWords =
    [
        .. Before.Concat(After).SelectMany(word => new[] { word, Decomposed(word) })
            .Concat(Foreign).Concat(Common).Concat(Suffixes).Append(Long).SelectMany(PlainText.Words),
    ];

    /// <summary>Longer than a file's name may be.</summary>
    public static string Long => string.Join(' ', Enumerable.Repeat("Hinterland Observatory Xylophone", 8));

    /// <summary>Is it a word that a name or a title may have?</summary>
    public static bool Knows(string word) => TitleWords.Contains(word);

    /// <summary>Names of so many artists, in order; here and there two have the same.</summary>
    public static List<string> Draw(int seed, int count)
    {
        var smith = new NameSmith(new Dice(seed, "further artists"), Before, After);
        var names = new List<string>();
        for (var i = 0; i < count; i++)
            names.Add(Draw(i, smith.Next(), names));
        return names;
    }

    private static string Draw(int i, string plain, List<string> before) => (i % 16) switch
    {
        3 => Foreign[i / 16 % Foreign.Length],
        5 => $"{Emoji[i / 16 % Emoji.Length]} {plain} {Emoji[((i / 16) + 3) % Emoji.Length]}",
        7 => plain.ToUpperInvariant().Replace(' ', '.') + "!!!",
        9 => Decomposed(plain),
        11 => plain.ToLowerInvariant().Replace(' ', '/'),
        13 => before[i - 1],
        15 when i == 15 => Long,
        _ => plain,
    };

    // An accent of its own behind the letter, as some labels deliver it.
    private static string Decomposed(string text) => text.Replace("e", "e\u0301", StringComparison.Ordinal);
}
