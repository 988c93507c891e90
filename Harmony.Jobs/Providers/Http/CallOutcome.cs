using System.Net;

namespace Harmony.Jobs.Providers.Http;

/// <summary>How a call ended, as log and figures name it.</summary>
internal static class CallOutcome
{
    public const string Ok = "ok";
    public const string Failed = "failed";
    public const string Blocked = "blocked";

    public static IReadOnlyList<string> All { get; } = [Ok, Failed, Blocked];

    /// <summary>That there is no such thing is an answer like any other.</summary>
    public static string Of(HttpStatusCode status) => status switch
    {
        HttpStatusCode.TooManyRequests => Blocked,
        HttpStatusCode.NotFound or HttpStatusCode.Gone => Ok,
        >= HttpStatusCode.BadRequest => Failed,
        _ => Ok,
    };
}
