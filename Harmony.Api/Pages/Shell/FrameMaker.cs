using System.Reflection;
using System.Security.Claims;
using Harmony.Api.Pages.Assets;

namespace Harmony.Api.Pages.Shell;

/// <summary>Makes the frame of a page from the request that asks for it.</summary>
public sealed class FrameMaker(PageHost host, PageAssets assets)
{
    private static readonly string Version =
        typeof(FrameMaker).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    public Frame Of(HttpContext context, string path, Notice? notice = null)
    {
        // A user has the claim of every role up to their own.
        var role = context.User.HasClaim(ClaimTypes.Role, "admin") ? "admin" : context.User.HasClaim(ClaimTypes.Role, "operator") ? "operator" : "viewer";
        return new Frame
        {
            Path = path,
            Reader = context.User.Identity?.Name ?? "anonymous",
            Role = role,
            MayAct = role is "operator" or "admin",
            Open = host.Open,
            Engine = host.Engine,
            Version = Version,
            Assets = assets.Version,
            Notice = notice,
        };
    }
}

/// <summary>What the pages tell about their host: the engine and why it is that one, and whether anybody may come in.</summary>
public sealed record PageHost(string Engine, bool Open)
{
    /// <summary>How many jobs of a lane one process runs at once.</summary>
    public IReadOnlyDictionary<string, int> LaneWidths { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);
}
