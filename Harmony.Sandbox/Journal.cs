using System.Text.Json;

namespace Harmony.Sandbox;

/// <summary>Records on disk, one JSON line per change; the last line of a key wins. Survives kill -9.</summary>
internal sealed class Journal<T>(string path, Func<T, string> key)
{
    private readonly Lock _gate = new();

    public List<T> Load()
    {
        lock (_gate)
        {
            if (!File.Exists(path))
                return [];
            var latest = new Dictionary<string, T>(StringComparer.Ordinal);
            foreach (var line in File.ReadLines(path))
            {
                if (Parse(line) is { } record)
                    latest[key(record)] = record;
            }
            Write([.. latest.Values]);
            return [.. latest.Values];
        }
    }

    public void Append(T record)
    {
        lock (_gate)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.AppendAllText(path, JsonSerializer.Serialize(record, SandboxJson.Wire) + "\n");
        }
    }

    public void Replace(IReadOnlyCollection<T> records)
    {
        lock (_gate)
            Write(records);
    }

    // A kill in the middle of a line leaves half of one: that change never happened.
    private static T? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line, SandboxJson.Wire);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private void Write(IReadOnlyCollection<T> records)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var draft = path + ".new";
        File.WriteAllLines(draft, records.Select(record => JsonSerializer.Serialize(record, SandboxJson.Wire)));
        File.Move(draft, path, overwrite: true);
    }
}
