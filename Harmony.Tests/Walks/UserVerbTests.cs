using System.Diagnostics;
using Harmony.Api.Access;
using Harmony.Api.Configuration;

namespace Harmony.Tests.Walks;

/// <summary>The line for a user, made by the built program from a password it is told on standard input.</summary>
[TestClass]
public sealed class UserVerbTests
{
    [TestMethod]
    public async Task The_printed_line_is_a_valid_user()
    {
        var (code, line, _) = await RunAsync("a long: password, ü", "ann", "read_only");

        Assert.AreEqual(0, code);
        var settings = Settings.From(new Dictionary<string, string> { ["HARMONY_UI_USERS"] = line }, new Dictionary<string, string>(), new(new Dictionary<string, int>(), new Dictionary<string, string>()));
        var ring = new ApiKeyStore(settings);
        Assert.IsEmpty(ring.Problems);
        Assert.IsEmpty(ring.Weak, "good enough for an address others can reach");
        Assert.AreEqual(new Account("ann", Role.Viewer, true), ring.Users.Find("ann", "a long: password, ü"));
        Assert.Contains(line.Trim().Split(':')[2], settings.SecretValues, "the log strikes the hash out");
    }

    [TestMethod]
    [DataRow("a long enough one", "a:b", "viewer", "A name has")]
    [DataRow("a long enough one", "ann", "emperor", "The role is")]
    [DataRow("short", "ann", "viewer", "A password has")]
    [DataRow("", "ann", "viewer", "A password has")]
    public async Task Invalid_input_is_refused_with_a_reason(string password, string name, string role, string said)
    {
        var (code, output, error) = await RunAsync(password, name, role);

        Assert.AreEqual(1, code);
        Assert.AreEqual("", output);
        Assert.StartsWith(said, error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string password, string name, string role)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "harmony.dll"), "user", name, role])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await process.StandardInput.WriteLineAsync(password);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
