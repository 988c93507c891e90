using System.Text.RegularExpressions;

namespace Harmony.Data.Migrations;

/// <summary>A file of <c>sql/functions</c>: the current text of a few functions, or of the triggers on a table.</summary>
public sealed partial record FunctionFile(string Name, string Text, string Checksum)
{
    /// <summary>Schema and name of each function that the file creates.</summary>
    public IReadOnlyList<string> Functions { get; } = CreatedIn(Text, "function");

    public IReadOnlyList<string> Triggers { get; } = CreatedIn(Text, "trigger");

    internal static IReadOnlyList<FunctionFile> ReadAll() =>
        [.. EmbeddedSql.ReadAll("functions/").Select(f => new FunctionFile(f.Name, f.Text, f.Checksum))];

    private static IReadOnlyList<string> CreatedIn(string text, string what) =>
        [.. Create().Matches(text).Where(m => m.Groups["what"].Value == what).Select(m => m.Groups["name"].Value)];

    [GeneratedRegex(@"^create or replace (?<what>function|trigger) (?<name>[\w.]+)", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Create();
}
