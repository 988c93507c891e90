using System.Security.Cryptography;
using System.Text;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;

namespace Harmony.Api.Access;

/// <summary>The users who sign in with a password: those of HARMONY_UI_USERS, and that of HANGFIRE_DASHBOARD_USER.</summary>
internal sealed class UserStore
{
    public const int LongestPassword = 512;
    private const int LongestName = 64;
    private readonly List<User> _users = [];
    private readonly List<PasswordHash> _decoys = [];
    private long _hashes;

    public UserStore(Settings settings)
    {
        var entries = (settings.Get(AccessKeys.UiUsers) ?? "")
            .Split([',', '\n', '\r'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var (index, entry) in entries.Index())
            Add(entry, index + 1);
        AddDashboardUser(settings.Get(AccessKeys.DashboardUser), settings.Get(AccessKeys.DashboardPassword));
        _decoys.AddRange(_users.Select(u => u.Hash?.Cost).OfType<PasswordCost>().Distinct().Select(PasswordHash.Decoy));
    }

    public bool IsEmpty => _users.Count == 0;

    /// <summary>Whether a try is so expensive that tries must be limited.</summary>
    public bool IsCostly => _decoys.Count > 0;

    /// <summary>The number of hashes computed for callers.</summary>
    public long HashesMade => Interlocked.Read(ref _hashes);

    public List<SettingProblem> Problems { get; } = [];

    public List<SettingProblem> Weak { get; } = [];

    public IEnumerable<(Account Account, byte[] Proof)> Proofs =>
        _users.Select(u => (u.Account, Bytes(u.Hash?.ToString() ?? Convert.ToHexString(u.Password!))));

    public static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && name.All(c => c is not (':' or ',') && !char.IsWhiteSpace(c) && !char.IsControl(c));

    /// <summary>Compares both fields always, with the same work for an unknown name.</summary>
    public Account? Find(string name, string password)
    {
        if (password.Length > LongestPassword)
            return null;

        User? asked = null;
        var (nameHash, passwordHash) = (Digest(name), Digest(password));
        foreach (var user in _users)
        {
            if (CryptographicOperations.FixedTimeEquals(user.Name, nameHash))
                asked = user;
        }

        var right = CryptographicOperations.FixedTimeEquals(asked?.Password ?? Digest(""), passwordHash) & asked?.Password is not null;
        foreach (var decoy in _decoys)
        {
            // One hash of each cost in use: the duration must not reveal users of an older, cheaper cost either.
            var theirs = asked?.Hash?.Cost == decoy.Cost;
            Interlocked.Increment(ref _hashes);
            right |= (theirs ? asked!.Hash! : decoy).Matches(password) & theirs;
        }

        return right ? asked!.Account : null;
    }

    private void Add(string entry, int number)
    {
        if (entry.Split(':') is not [var name, var roleName, var text] || !IsName(name) || !Roles.TryRead(roleName, out var role) || !PasswordHash.TryRead(text, out var hash))
        {
            Problems.Add(new(ExitCode.Malformed, AccessKeys.UiUsers.Name, $"user number {number} (not shown) cannot be read.", "Write name:role:hash as `harmony user NAME ROLE` prints it, with role viewer, operator or admin."));
        }
        else if (Has(name))
        {
            Problems.Add(new(ExitCode.Malformed, AccessKeys.UiUsers.Name, $"user number {number} (not shown) has the name of another one.", "Give each a name of its own: the audit shows it."));
        }
        else
        {
            _users.Add(new(new(name, role, IsUser: true), Digest(name), hash, null));
            if (hash.Cost.IsLow)
                Weak.Add(new(ExitCode.Missing, $"{AccessKeys.UiUsers.Name} (user number {number})", "has a hash that is too cheap to try for an address others can reach.", "Make it anew with: harmony user NAME ROLE"));
        }
    }

    private void AddDashboardUser(string? name, string? password)
    {
        if (name is not { Length: > 0 } && password is not { Length: > 0 })
            return;

        if (name is not { Length: > 0 } || password is not { Length: > 0 })
        {
            Problems.Add(new(ExitCode.Missing, name is null ? AccessKeys.DashboardUser.Name : AccessKeys.DashboardPassword.Name, "is not set, its other half is.", "Set both or none."));
        }
        else if (Has(name))
        {
            Problems.Add(new(ExitCode.Malformed, AccessKeys.DashboardUser.Name, $"is also the name of a user in {AccessKeys.UiUsers.Name}.", "Remove one of the two."));
        }
        else
        {
            _users.Add(new(new(name, Role.Admin, IsUser: true), Digest(name), null, Digest(password)));
            if (ApiKeyStore.IsGuessable(password))
                Weak.Add(ApiKeyStore.TooEasy(AccessKeys.DashboardPassword.Name));
        }
    }

    private bool Has(string name) => _users.Exists(u => u.Account.Name == name);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Digest(string text) => SHA256.HashData(Bytes(text));

    private sealed record User(Account Account, byte[] Name, PasswordHash? Hash, byte[]? Password);
}
