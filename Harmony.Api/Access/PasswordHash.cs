using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;

namespace Harmony.Api.Access;

/// <summary>The cost of one try, for this host and for an attacker who has the hash.</summary>
internal sealed record PasswordCost(HashAlgorithmName Algorithm, int Iterations)
{
    public const int Least = 1_000;
    public const int Most = 5_000_000;

    public static PasswordCost Usual { get; } = new(HashAlgorithmName.SHA512, 210_000);

    /// <summary>Too cheap to try for an address that others can reach.</summary>
    public bool IsLow => Iterations < 100_000;
}

/// <summary>A PBKDF2 password hash as one word without comma, colon or dollar sign: <c>pbkdf2-sha512.210000.SALT.KEY</c>.</summary>
internal sealed class PasswordHash
{
    private const int SaltLength = 16;
    private const int KeyLength = 32;
    private readonly byte[] _salt;
    private readonly byte[] _key;

    private PasswordHash(PasswordCost cost, byte[] salt, byte[] key) => (Cost, _salt, _key) = (cost, salt, key);

    public PasswordCost Cost { get; }

    public static PasswordHash Of(string password, PasswordCost cost)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return new(cost, salt, Derive(password, salt, cost, KeyLength));
    }

    /// <summary>A hash of the same cost that no password matches.</summary>
    public static PasswordHash Decoy(PasswordCost cost) => new(cost, RandomNumberGenerator.GetBytes(SaltLength), RandomNumberGenerator.GetBytes(KeyLength));

    public static bool TryRead(string text, [MaybeNullWhen(false)] out PasswordHash hash)
    {
        hash = null;
        if (text.Split('.') is not [var name, var rounds, var saltText, var keyText]
            || AlgorithmOf(name) is not { } algorithm
            || !int.TryParse(rounds, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < PasswordCost.Least or > PasswordCost.Most
            || Bytes(saltText) is not { Length: >= 8 and <= 64 } salt
            || Bytes(keyText) is not { Length: >= 16 and <= 64 } key)
        {
            return false;
        }

        hash = new(new(algorithm, iterations), salt, key);
        return true;
    }

    public bool Matches(string password) => CryptographicOperations.FixedTimeEquals(Derive(password, _salt, Cost, _key.Length), _key);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"pbkdf2-{Cost.Algorithm.Name!.ToLowerInvariant()}.{Cost.Iterations}.{WebEncoders.Base64UrlEncode(_salt)}.{WebEncoders.Base64UrlEncode(_key)}");

    private static byte[] Derive(string password, byte[] salt, PasswordCost cost, int length) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, cost.Iterations, cost.Algorithm, length);

    private static HashAlgorithmName? AlgorithmOf(string name) => name switch
    {
        "pbkdf2-sha256" => HashAlgorithmName.SHA256,
        "pbkdf2-sha512" => HashAlgorithmName.SHA512,
        _ => null,
    };

    private static byte[]? Bytes(string text)
    {
        try
        {
            return WebEncoders.Base64UrlDecode(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
