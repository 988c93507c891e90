using System.Net;

namespace Harmony.Jobs.Providers.Http;

/// <summary>The end of a call, with the names in log and metrics.</summary>
internal static class CallOutcome
{
    public const string Ok = "ok";
    public const string Failed = "failed";
    public const string Blocked = "blocked";

    public static IReadOnlyList<string> All { get; } = [Ok, Failed, Blocked];

    /// <summary>"Not found" is an ordinary answer.</summary>
    public static string Of(HttpStatusCode status) => status switch
    {
        HttpStatusCode.TooManyRequests => Blocked,
        HttpStatusCode.NotFound or HttpStatusCode.Gone => Ok,
        >= HttpStatusCode.BadRequest => Failed,
        _ => Ok,
    };
}
