using Harmony.Api.Configuration;

namespace Harmony.Api.Startup;

/// <summary>Checks that a folder is there and can be written, by a file that is removed at once.</summary>
internal static class FolderCheck
{
    public static SettingProblem? ProblemOf(string name, string path, bool create = false)
    {
        try
        {
            if (create)
                Directory.CreateDirectory(path);
            if (!Directory.Exists(path))
                return new(ExitCode.Directory, name, $"{path} does not exist.", "Create it, or name another.");

            var probe = Path.Combine(path, $".harmony-{Guid.CreateVersion7():N}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(ExitCode.Directory, name, $"{path} cannot be written: {e.Message}", "Give the user Harmony runs as the right to write there.");
        }
    }
}
