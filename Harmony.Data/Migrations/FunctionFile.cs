using System.Text.RegularExpressions;

namespace Harmony.Data.Migrations;

/// <summary>A file of <c>sql/functions</c>: the current text of a few functions and of the triggers that call them.</summary>
public sealed partial record FunctionFile(string Name, string Text, string Checksum)
{
    /// <summary>Schema and name of each function that the file creates.</summary>
    public IReadOnlyList<string> Functions { get; } = [.. CreateFunction().Matches(Text).Select(m => m.Groups["name"].Value)];

    internal static IReadOnlyList<FunctionFile> ReadAll() =>
        [.. EmbeddedSql.ReadAll("functions/").Select(f => new FunctionFile(f.Name, f.Text, f.Checksum))];

    [GeneratedRegex(@"^create or replace function (?<name>\w+\.\w+)\(", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CreateFunction();
}
