using System.Globalization;

namespace Harmony.Sandbox;

internal static class SandboxCommandLine
{
    public const string Usage =
        """
        harmony-sandbox --provider spotify|slskd|lrclib|images|all --port N (or --base-port N) --state DIR
                        [--downloads DIR] [--seed N] [--images-url URL] [--speed X] [--no-search-budget] [--uniform-artists N]
        """;

    public static SandboxOptions Parse(IReadOnlyList<string> arguments)
    {
        var values = Read(arguments);
        if (!values.TryGetValue("state", out var state))
            throw new FormatException("--state DIR is missing");
        var options = new SandboxOptions
        {
            StateDirectory = Path.GetFullPath(state),
            Providers = Providers(values.GetValueOrDefault("provider", "all")),
            Port = Number(values, "port", Number(values, "base-port", 0)),
            Seed = Number(values, "seed", SandboxOptions.DefaultSeed),
            UniformArtists = Number(values, "uniform-artists", 0),
            ImagesUrl = values.GetValueOrDefault("images-url")?.TrimEnd('/'),
            EnforceSearchBudget = !values.ContainsKey("no-search-budget"),
            DownloadsDirectory = values.TryGetValue("downloads", out var downloads) ? Path.GetFullPath(downloads) : null,
        };
        return values.TryGetValue("speed", out var speed)
            ? options with { Speed = double.Parse(speed, CultureInfo.InvariantCulture) }
            : options;
    }

    private static Dictionary<string, string> Read(IReadOnlyList<string> arguments)
    {
        string[] known = ["provider", "port", "base-port", "state", "downloads", "seed", "images-url", "speed", "uniform-artists"];
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i].StartsWith("--", StringComparison.Ordinal) ? arguments[i][2..] : "";
            if (name == "no-search-budget")
                values[name] = "true";
            else if (!known.Contains(name))
                throw new FormatException($"unknown argument: {arguments[i]}");
            else if (++i == arguments.Count)
                throw new FormatException($"--{name} needs a value");
            else
                values[name] = arguments[i];
        }
        return values;
    }

    private static SandboxProvider[] Providers(string name)
    {
        if (name == "all")
            return Enum.GetValues<SandboxProvider>();
        return Enum.TryParse<SandboxProvider>(name, ignoreCase: true, out var provider)
            ? [provider]
            : throw new FormatException($"unknown provider: {name}");
    }

    private static int Number(Dictionary<string, string> values, string name, int otherwise)
    {
        if (!values.TryGetValue(name, out var text))
            return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"--{name} wants a whole number, not {text}");
    }
}
