using System.IO.Enumeration;

namespace Harmony.Sandbox.Faults;

/// <summary>One order to misbehave. HTTP kinds look at Match, transfer kinds at Peer and File.</summary>
public sealed record FaultRule
{
    public const string Status = "status";
    public const string Slow = "slow";
    public const string Truncate = "truncate";
    public const string Drop = "drop";
    public const string Html = "html";
    public const string WrongContentType = "contentType";
    public const string TransferErrored = "transferErrored";
    public const string TransferRejected = "transferRejected";
    public const string TransferStalled = "transferStall";
    public const string QueuedForever = "queuedForever";
    public const string UserOffline = "userOffline";
    public const string NoAnswers = "noAnswers";
    public const string SearchErrored = "searchErrored";
    public const string WrongSize = "wrongSize";
    public const string Corrupt = "corrupt";
    public const string OtherFolder = "otherFolder";

    public static readonly string[] HttpKinds = [Status, Slow, Truncate, Drop, Html, WrongContentType];

    public static readonly string[] TransferKinds =
        [TransferErrored, TransferRejected, TransferStalled, QueuedForever, UserOffline, NoAnswers, SearchErrored, WrongSize, Corrupt, OtherFolder];

    public required string Kind { get; init; }

    /// <summary>"GET /v1/artists/*": a star stands for one path segment, a final "**" for the rest.</summary>
    public string Match { get; init; } = "* /**";

    public string Peer { get; init; } = "*";

    public string File { get; init; } = "*";

    /// <summary>How often it strikes; null = until taken away.</summary>
    public int? Times { get; init; }

    /// <summary>Matches that pass unharmed first.</summary>
    public int Skip { get; init; }

    public int Code { get; init; } = 503;

    public string? RetryAfter { get; init; }

    public Dictionary<string, string>? Headers { get; init; }

    public string? Body { get; init; }

    public string? ContentType { get; init; }

    public int DelayMs { get; init; }

    /// <summary>Where a transfer stalls or breaks, 0-100.</summary>
    public double Percent { get; init; } = 50;

    /// <summary>slskd gives up at once and does not try the transfer again itself.</summary>
    public bool Final { get; init; }

    public int Seen { get; init; }

    internal bool Spent => Times is { } times && Seen - Skip >= times;

    internal bool MatchesRequest(string method, string path)
    {
        var space = Match.IndexOf(' ', StringComparison.Ordinal);
        return FileSystemName.MatchesSimpleExpression(Match.AsSpan(0, space), method)
            && Segments(Match[(space + 1)..].Split('/')[1..], path.Split('/')[1..]);
    }

    internal bool MatchesTransfer(string peer, string file)
        => FileSystemName.MatchesSimpleExpression(Peer, peer)
        && FileSystemName.MatchesSimpleExpression(File.Replace("\\", "\\\\", StringComparison.Ordinal), file);

    private static bool Segments(string[] pattern, string[] path)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == "**")
                return true;
            if (i >= path.Length || (pattern[i] != path[i] && !FileSystemName.MatchesSimpleExpression(pattern[i], path[i])))
                return false;
        }
        return pattern.Length == path.Length;
    }
}
