using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Npgsql;

namespace Harmony.Api.Configuration;

/// <summary>Converts every usual form of a PostgreSQL address into an Npgsql connection string.</summary>
internal static class DatabaseUrl
{
    public const string Forms = "postgresql://user:password@host:port/database (postgres:// and postgresql+driver:// too), or an Npgsql string (Host=…;Database=…)";

    public static bool TryRead(string text, [NotNullWhen(true)] out NpgsqlConnectionStringBuilder? connection)
    {
        connection = null;
        try
        {
            connection = IsUrl(text) ? FromUrl(text) : FromPairs(text);
            return connection is { Host: not null, Database: not null };
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException or OverflowException)
        {
            connection = null;
            return false;
        }
    }

    private static bool IsUrl(string text)
    {
        var end = text.IndexOf("://", StringComparison.Ordinal);
        if (end < 0 || text.IndexOf('=', StringComparison.Ordinal) is var pair && pair >= 0 && pair < end)
            return false;

        var scheme = text[..end].ToLowerInvariant();
        return scheme is "postgres" or "postgresql"
            || scheme.StartsWith("postgresql+", StringComparison.Ordinal)
            || scheme.StartsWith("postgres+", StringComparison.Ordinal)
            ? true
            : throw new FormatException("not a PostgreSQL scheme");
    }

    private static NpgsqlConnectionStringBuilder FromPairs(string text) =>
        text.Contains('=', StringComparison.Ordinal) ? new(text) : throw new FormatException("neither a URL nor pairs");

    private static NpgsqlConnectionStringBuilder FromUrl(string text)
    {
        // System.Uri refuses an empty host and some passwords, so the parts are split by hand.
        var rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var (beforeQuery, query) = Cut(rest, '?');
        var (authority, database) = Cut(beforeQuery, '/');
        var at = authority.LastIndexOf('@');
        var (user, password) = Cut(at >= 0 ? authority[..at] : "", ':');
        var connection = new NpgsqlConnectionStringBuilder { Host = "localhost" };
        SetHost(connection, authority[(at + 1)..]);
        connection.Database = Uri.UnescapeDataString(database) is { Length: > 0 } path ? path : null;
        if (user.Length > 0)
            connection.Username = Uri.UnescapeDataString(user);
        if (password.Length > 0)
            connection.Password = Uri.UnescapeDataString(password);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Cut(pair, '=');
            SetOption(connection, name.ToLowerInvariant(), Uri.UnescapeDataString(value));
        }

        return connection;
    }

    private static void SetHost(NpgsqlConnectionStringBuilder connection, string host)
    {
        var bracket = host.LastIndexOf(']');
        var colon = host.LastIndexOf(':');
        if (colon > bracket)
        {
            connection.Port = int.Parse(host[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture);
            host = host[..colon];
        }

        if (host.Length > 0)
            connection.Host = Uri.UnescapeDataString(host.Trim('[', ']'));
    }

    private static void SetOption(NpgsqlConnectionStringBuilder connection, string name, string value)
    {
        switch (name)
        {
            case "sslmode":
            case "ssl":
                connection.SslMode = SslModeOf(value);
                break;
            case "host":
                connection.Host = value;
                break;
            case "application_name":
                connection.ApplicationName = value;
                break;
            case "connect_timeout":
                connection.Timeout = int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);
                break;
            case "sslrootcert":
                connection.RootCertificate = value;
                break;
            case "options":
                connection.Options = value;
                break;
            default:
                connection[name] = value;
                break;
        }
    }

    public static SslMode SslModeOf(string value) => value.ToLowerInvariant() switch
    {
        "disable" or "false" => SslMode.Disable,
        "allow" => SslMode.Allow,
        "prefer" => SslMode.Prefer,
        "require" or "true" => SslMode.Require,
        "verify-ca" => SslMode.VerifyCA,
        "verify-full" => SslMode.VerifyFull,
        _ => throw new FormatException("unknown sslmode"),
    };

    private static (string Before, string After) Cut(string text, char at) =>
        text.IndexOf(at, StringComparison.Ordinal) is var i && i >= 0 ? (text[..i], text[(i + 1)..]) : (text, "");
}
