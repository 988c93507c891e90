using System.Text.Json.Nodes;

namespace Harmony.Sandbox;

/// <summary>One stand-in: what it serves, and what it forgets on reset.</summary>
internal interface ISandboxApp : IAsyncDisposable
{
    void Map(WebApplication app);

    void Reset();

    /// <summary>Figures beside the request counters.</summary>
    JsonObject Figures();
}
