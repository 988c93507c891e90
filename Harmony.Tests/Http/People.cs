using System.Security.Cryptography;
using Harmony.Api.Access;

namespace Harmony.Tests.Http;

/// <summary>One person of each role, with hashes cheap enough for a test.</summary>
internal static class People
{
    public const string Password = "correct horse battery";

    public static PasswordCost Cheap { get; } = new(HashAlgorithmName.SHA256, PasswordCost.Least);

    public static string Users { get; } = string.Join(',', Line("vera", "viewer"), Line("otto", "operator"), Line("ada", "admin"));

    public static string Line(string name, string role, string password = Password) => $"{name}:{role}:{PasswordHash.Of(password, Cheap)}";
}
