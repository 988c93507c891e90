namespace Harmony.Orchestrator;

/// <summary>Text from outside as a part of a LIKE pattern, where its own signs mean themselves.</summary>
public static class LikePattern
{
    public static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
