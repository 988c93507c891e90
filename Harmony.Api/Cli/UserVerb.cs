using System.CommandLine;
using System.Text;
using Harmony.Api.Access;

namespace Harmony.Api.Cli;

/// <summary><c>harmony user NAME ROLE</c>: prints the entry for HARMONY_UI_USERS; the password is not shown.</summary>
internal static class UserVerb
{
    private const int Shortest = 10;

    public static Command Make()
    {
        var name = new Argument<string>("name") { Description = "Name to sign in with; the audit shows it." };
        var role = new Argument<string>("role") { Description = "viewer, operator or admin." };
        var verb = new Command("user", "Print the line for HARMONY_UI_USERS of somebody whose password is asked for, or is the first line of standard input.") { name, role };
        verb.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(name)!, parsed.GetValue(role)!, parsed.InvocationConfiguration, cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(string name, string roleName, InvocationConfiguration io, CancellationToken cancellationToken)
    {
        if (!UserStore.IsName(name))
            return await FailAsync(io, "A name has 1 to 64 characters, without space, comma or colon.");
        if (!Roles.TryRead(roleName, out var role))
            return await FailAsync(io, "The role is viewer, operator or admin.");
        var password = Console.IsInputRedirected ? await Console.In.ReadLineAsync(cancellationToken) : await AskTwiceAsync(io);
        if (password is null)
            return await FailAsync(io, "The two passwords differ, or there was none.");
        if (password.Length is < Shortest or > UserStore.LongestPassword || ApiKeyStore.IsWellKnown(password))
            return await FailAsync(io, $"A password has {Shortest} to {UserStore.LongestPassword} characters and is not one everybody tries.");

        await io.Output.WriteLineAsync($"{name}:{Roles.NameOf(role)}:{PasswordHash.Of(password, PasswordCost.Usual)}");
        return 0;
    }

    private static async Task<string?> AskTwiceAsync(InvocationConfiguration io)
    {
        var first = await AskAsync(io, "Password: ");
        return await AskAsync(io, "Once more: ") == first ? first : null;
    }

    // The prompt goes to another stream than the entry, so that the entry can be redirected into a file.
    private static async Task<string> AskAsync(InvocationConfiguration io, string prompt)
    {
        await io.Error.WriteAsync(prompt);
        var text = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
                text.Length = Math.Max(0, text.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                text.Append(key.KeyChar);
        }

        await io.Error.WriteLineAsync();
        return text.ToString();
    }

    private static async Task<int> FailAsync(InvocationConfiguration io, string why)
    {
        await io.Error.WriteLineAsync(why);
        return 1;
    }
}
