using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Harmony.Data.Migrations;

/// <summary>One numbered step, forward and back, as it is compiled into this version.</summary>
public sealed partial record Migration(int Version, string Name, string Up, string Down, string Checksum)
{
    internal static IReadOnlyList<Migration> ReadAll()
    {
        var assembly = typeof(Migration).Assembly;
        const string folder = "migrations/";
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(n => n.StartsWith(folder, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(n =>
                {
                    var file = n[folder.Length..];
                    var up = Read(n);
                    return new Migration(
                        int.Parse(file[..4], System.Globalization.CultureInfo.InvariantCulture),
                        file[5..^".sql".Length],
                        up,
                        WithEarlierFunctions(Read("rollback/" + file)),
                        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(up))));
                }),
        ];
    }

    // A rollback names the functions it returns to, instead of repeating them: "-- again: 0005_run harmony.take".
    private static string WithEarlierFunctions(string down) => Again().Replace(
        down,
        line =>
        {
            var source = Read($"migrations/{line.Groups["file"].Value}.sql");
            return string.Join('\n', line.Groups["functions"].Value.Split(' ').Select(name => FunctionIn(source, name)));
        });

    private static string FunctionIn(string source, string name)
    {
        var text = CreateFunction().Matches(source).FirstOrDefault(m => m.Groups["name"].Value == name)?.Value
            ?? throw new MigrationException($"A rollback returns to {name}, which its file does not create.");
        return "create or replace" + text[text.IndexOf(" function", StringComparison.Ordinal)..];
    }

    private static string Read(string name)
    {
        using var stream = typeof(Migration).Assembly.GetManifestResourceStream(name)
            ?? throw new MigrationException($"'{name}' is not compiled in: every migration has a rollback of the same name.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^-- again: (?<file>\w+) (?<functions>[\w. ]+)$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Again();

    [GeneratedRegex(@"^create (?:or replace )?function (?<name>[\w.]+)\(.*?^(?:end)?\$\$;?$", RegexOptions.Multiline | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CreateFunction();
}
