using System.Text.Json;
using Harmony.Api.Pages.Shell;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Jobs;

/// <summary>The arguments of a job as text lines: nested names joined by dots, secrets masked, a bounded number.</summary>
internal static class ShownArgs
{
    private const int Most = 100;

    public static IReadOnlyList<ShownArg> Of(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var lines = new List<ShownArg>();
            Add(lines, "", document.RootElement, secret: false);
            return lines;
        }
        catch (JsonException)
        {
            // Another program may have written any text: show it as it is, still bounded and encoded.
            return [new("args", PlainText.Of(json, 2000), false)];
        }
    }

    private static void Add(List<ShownArg> lines, string name, JsonElement value, bool secret)
    {
        if (lines.Count >= Most)
            return;

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                    Add(lines, name.Length == 0 ? property.Name : $"{name}.{property.Name}", property.Value, secret || Secrets.IsSecret(property.Name));

                break;
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                foreach (var (index, item) in value.EnumerateArray().Index())
                    Add(lines, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}[{index}]"), item, secret);

                break;
            default:
                lines.Add(new ShownArg(name, secret ? Secrets.Mask : PlainText.Of(value.ToString(), 1000), secret));
                break;
        }
    }
}

internal sealed record ShownArg(string Name, string Value, bool Masked);
