using System.Net;
using System.Security.Claims;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;

namespace Harmony.Api.Access;

/// <summary>Registers authentication, roles, form tokens and proxies.</summary>
internal static class AccessSetup
{
    /// <summary>The scheme of the policies: the header where there is one, else the cookie.</summary>
    private const string SchemeName = "harmony";

    public static void AddHarmonyAccess(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<ApiKeyStore>();
        services.AddSingleton(provider => AccessMode.Decide(settings, provider.GetRequiredService<ApiKeyStore>()));
        services.AddSingleton<OtherOrigins>();
        services.AddCors();
        services.AddSingleton<Lockout>();
        services.AddSingleton<CredentialVerifier>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<OperatorActions>();
        services.AddSingleton<Refusals>();
        services.AddSingleton<ApiKeyServices>();
        services.AddAuthentication(SchemeName)
            .AddPolicyScheme(SchemeName, null, Choose)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null)
            .AddCookie(Sessions.Scheme, options => Shape(options, settings));
        services.AddAuthorization(options => AddPolicies(options, settings));
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "harmony.form";
            // One cookie for /ui and /hangfire: by default each path base would set its own, and the pages would refuse each other's.
            options.Cookie.Path = "/";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.HttpOnly = true;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.SuppressXFrameOptionsHeader = true;
        });
        services.AddDataProtection()
            .SetApplicationName("harmony")
            .PersistKeysToFileSystem(new(Path.GetFullPath(settings.Get(HostKeys.KeysDir))));
        services.Configure<ForwardedHeadersOptions>(options => TrustProxies(options, settings));
    }

    private static void Choose(PolicySchemeOptions options)
    {
        options.ForwardDefaultSelector = context =>
        {
            var services = context.RequestServices;
            var byCookie = context.Request.Cookies.ContainsKey(Sessions.Scheme)
                && Credential.Of(context.Request) is Credential.None
                && !services.GetRequiredService<AccessMode>().Open
                // Pages of other origins may call with a key, never with the cookies of a visitor's browser.
                && !services.GetRequiredService<OtherOrigins>().Allows(context.Request);
            return byCookie ? Sessions.Scheme : ApiKeyHandler.SchemeName;
        };
        options.ForwardChallenge = ApiKeyHandler.SchemeName;
        options.ForwardForbid = ApiKeyHandler.SchemeName;
    }

    private static void Shape(CookieAuthenticationOptions options, Settings settings)
    {
        options.EventsType = typeof(Sessions);
        options.ExpireTimeSpan = TimeSpan.FromMinutes(settings.Get(AccessKeys.SessionMinutes));
        options.SlidingExpiration = false;
        options.Cookie.Name = Sessions.Scheme;
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
    }

    private static void AddPolicies(AuthorizationOptions options, Settings settings)
    {
        var open = settings.Get(AccessKeys.Allowlist).Select(p => new PathString(p.StartsWith('/') ? p.TrimEnd('/') : $"/{p.TrimEnd('/')}")).ToList();
        foreach (var role in new[] { Roles.Viewer, Roles.Operator, Roles.Admin })
            options.AddPolicy(role, policy => Require(policy, role));

        // An endpoint without a policy, and a path without an endpoint, ask for a key.
        options.FallbackPolicy = Require(new AuthorizationPolicyBuilder(), Roles.Viewer).Build();
        options.DefaultPolicy = options.FallbackPolicy;

        AuthorizationPolicyBuilder Require(AuthorizationPolicyBuilder policy, string role) =>
            policy.AddAuthenticationSchemes(SchemeName).RequireAssertion(context =>
                context.User.HasClaim(ClaimTypes.Role, role)
                || context.Resource is HttpContext http && open.Exists(prefix => http.Request.Path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase)));
    }

    private static void TrustProxies(ForwardedHeadersOptions options, Settings settings)
    {
        // The framework trusts loopback by default: behind a proxy on the same machine it would trust every caller.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        options.ForwardedHeaders = ForwardedHeaders.None;
        foreach (var entry in settings.Get(AccessKeys.TrustedProxies))
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            if (IPAddress.TryParse(entry, out var address))
                options.KnownProxies.Add(address);
            else
                options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(entry));
        }
    }
}
