namespace Harmony.Orchestrator;

/// <summary>Escapes external text for a LIKE pattern.</summary>
public static class LikePattern
{
    public static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
