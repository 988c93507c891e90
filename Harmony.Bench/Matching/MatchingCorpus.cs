using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harmony.Bench.Matching;

/// <summary>Reads the corpus: one file of JSON lines per category. An unknown or missing field is an error.</summary>
internal static class MatchingCorpus
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter<MatchingLabel>(namingPolicy: null, allowIntegerValues: false) },
        PropertyNameCaseInsensitive = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static IReadOnlyList<MatchingRow> Read(string folder) =>
    [
        .. Directory.GetFiles(folder, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(file => File.ReadLines(file).Select((line, index) => Parse(file, index + 1, line))),
    ];

    private static MatchingRow Parse(string file, int number, string line)
    {
        try
        {
            return JsonSerializer.Deserialize<MatchingRow>(line, Options) ?? throw new JsonException("the line is null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{Path.GetFileName(file)}, line {number}: {e.Message}", e);
        }
    }
}
