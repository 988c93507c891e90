using System.Security.Cryptography;
using System.Text;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;

namespace Harmony.Api.Access;

/// <summary>The key or user that a credential belongs to.</summary>
internal sealed record Account(string Name, Role Role, bool IsUser)
{
    public string Actor => IsUser ? $"user:{Name}" : $"key:{Name}";
}

/// <summary>The API keys, stored as hashes of equal length and compared in constant time; also holds the users.</summary>
internal sealed class ApiKeyStore
{
    private const int LongestKey = 512;
    private const int ShortestBeyondLoopback = 16;
    private static readonly string[] Guessable = ["admin", "changeme", "password", "secret", "harmony", "test", "default"];
    private readonly List<(Account Account, byte[] Hash)> _keys = [];
    private readonly Dictionary<string, string> _stamps;

    public ApiKeyStore(Settings settings)
    {
        var entries = $"{settings.Get(AccessKeys.ApiKey)}\n{settings.Get(AccessKeys.ApiKeys)}"
            .Split([',', '\n', '\r'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var (index, entry) in entries.Distinct(StringComparer.Ordinal).Index())
            Add(entry, index + 1);

        Users = new(settings);
        Problems.AddRange(Users.Problems);
        Weak.AddRange(Users.Weak);
        _stamps = _keys.Concat(Users.Proofs).ToDictionary(k => k.Account.Actor, k => StampOf(k.Account, k.Item2), StringComparer.Ordinal);
    }

    public bool IsEmpty => _keys.Count == 0 && Users.IsEmpty;

    public UserStore Users { get; }

    /// <summary>Entries that cannot be read; their text is never included.</summary>
    public List<SettingProblem> Problems { get; } = [];

    /// <summary>Entries too easy to guess for an address that others can reach.</summary>
    public List<SettingProblem> Weak { get; } = [];

    public Account? Find(string key)
    {
        var hash = Hash(key);
        Account? found = null;
        foreach (var (account, known) in _keys)
        {
            // No early return: the duration must not reveal which key matched.
            if (CryptographicOperations.FixedTimeEquals(known, hash))
                found = account;
        }

        return found;
    }

    /// <summary>Changes with the key, the password or the role; null when the name is no longer configured.</summary>
    public string? StampOf(string actor) => _stamps.GetValueOrDefault(actor);

    /// <summary>Whether this text can be a key. Any other text is answered like a missing key.</summary>
    public static bool IsPlausible(string key) => key.Length is > 0 and <= LongestKey && key.All(c => c is > ' ' and < (char)127);

    public static bool IsGuessable(string secret) => secret.Length < ShortestBeyondLoopback || IsWellKnown(secret);

    public static bool IsWellKnown(string secret) => Guessable.Contains(secret, StringComparer.OrdinalIgnoreCase);

    public static SettingProblem TooEasy(string component) => new(
        ExitCode.Missing, component, $"is too easy to guess for an address others can reach (at least {ShortestBeyondLoopback} characters).", "Make one with: openssl rand -hex 24");

    private void Add(string entry, int number)
    {
        var parts = entry.Split(':', 3);
        if (parts.Length == 1)
            Add(new($"key-{number}", Role.Admin, IsUser: false), entry, number);
        else if (parts.Length == 3 && parts[0].Length > 0 && Roles.TryRead(parts[1], out var role))
            Add(new(parts[0].Trim(), role, IsUser: false), parts[2].Trim(), number);
        else
            Problems.Add(new(ExitCode.Malformed, AccessKeys.ApiKeys.Name, $"key number {number} (not shown) cannot be read.", "Write name:role:key with role viewer, operator or admin, or only the key."));
    }

    private void Add(Account account, string key, int number)
    {
        if (!IsPlausible(key))
            Problems.Add(new(ExitCode.Malformed, AccessKeys.ApiKeys.Name, $"key number {number} (not shown) has characters a header cannot carry, or none.", "Use letters, digits and signs, no spaces."));
        else if (_keys.Exists(k => k.Account.Name == account.Name))
            Problems.Add(new(ExitCode.Malformed, AccessKeys.ApiKeys.Name, $"two keys are named \"{account.Name}\".", "Give each a name of its own: the audit shows it."));
        else
            _keys.Add((account, Hash(key)));
        if (IsGuessable(key))
            Weak.Add(TooEasy($"{AccessKeys.ApiKeys.Name} (key number {number})"));
    }

    private static string StampOf(Account account, byte[] proof) => Convert.ToHexString(SHA256.HashData([(byte)account.Role, .. proof]));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
