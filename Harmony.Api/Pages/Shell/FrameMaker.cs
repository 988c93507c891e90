using System.Reflection;
using System.Security.Claims;
using Harmony.Api.Access;
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
        var role = context.User.HasClaim(ClaimTypes.Role, Roles.Admin) ? Roles.Admin : context.User.HasClaim(ClaimTypes.Role, Roles.Operator) ? Roles.Operator : Roles.Viewer;
        return new Frame
        {
            Path = path,
            Reader = context.User.Identity?.Name ?? "anonymous",
            Role = role,
            MayAct = role is Roles.Operator or Roles.Admin,
            MayPurge = role is Roles.Admin,
            Open = host.Open,
            Engine = host.Engine,
            Version = Version,
            Assets = assets.Version,
            Notice = notice,
        };
    }
}
