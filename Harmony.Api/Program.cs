using System.CommandLine;
using Harmony.Api.Cli;
using Harmony.Api.Configuration;
using Harmony.Api.Hosting;

// One program: a server, and the verbs for operators.
Settings Load() => CommandLine.Load(HarmonySetup.Names);

var root = new RootCommand("Harmony: a durable job orchestrator for a self-hosted music library. Without a verb: serve.")
{
    ServeVerb.Make(Load),
    SelfcheckVerb.Make(() => Settings.FromProcess(HarmonySetup.Names)),
    MigrateVerb.Make(Load),
    EnqueueVerb.Make(Load),
    JobsVerb.Make(Load),
    DlqVerb.Make(Load),
    WatchVerb.Make(Load),
    ConfigVerb.Make(HarmonySetup.Names),
    UserVerb.Make(),
};
root.SetAction((_, cancellationToken) => ServeVerb.RunAsync(Load(), cancellationToken));
return await CommandLine.RunAsync(root, args);
