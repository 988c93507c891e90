using Harmony.Api.Access;
using Harmony.Api.Http;
using Harmony.Api.Pages.Assets;

namespace Harmony.Api.Pages.Shell;

/// <summary>Makes the frame of a page from its request.</summary>
internal sealed class FrameMaker(PageHost host, PageAssets assets)
{
    public Frame Of(HttpContext context, string path, Notice? notice = null)
    {
        var role = CallerClaims.RoleOf(context.User);
        return new Frame
        {
            Path = path,
            Reader = context.User.Identity?.Name ?? "anonymous",
            Role = role,
            MayAct = role is Roles.Operator or Roles.Admin,
            MayPurge = role is Roles.Admin,
            SignedIn = CallerClaims.IsSignedIn(context.User),
            Open = host.Open,
            Version = ProductVersion.Text,
            Assets = assets.Version,
            Notice = notice,
        };
    }
}
