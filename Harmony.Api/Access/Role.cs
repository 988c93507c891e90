namespace Harmony.Api.Access;

/// <summary>The permissions of a caller; each role includes those before it.</summary>
internal enum Role
{
    Viewer,
    Operator,
    Admin,
}

/// <summary>Names of the policies of endpoints, and of the claims that satisfy them.</summary>
internal static class Roles
{
    public const string Viewer = "viewer";
    public const string Operator = "operator";
    public const string Admin = "admin";

    public static bool TryRead(string name, out Role role)
    {
        (var known, role) = name.Trim().ToLowerInvariant() switch
        {
            Viewer or "read_only" => (true, Role.Viewer),
            Operator => (true, Role.Operator),
            Admin => (true, Role.Admin),
            _ => (false, Role.Viewer),
        };
        return known;
    }

    public static string NameOf(Role role) => role switch
    {
        Role.Admin => Admin,
        Role.Operator => Operator,
        _ => Viewer,
    };

    /// <summary>The policies a role satisfies, its own first.</summary>
    public static IEnumerable<string> Granted(Role role)
    {
        for (var r = role; r >= Role.Viewer; r--)
            yield return NameOf(r);
    }
}
