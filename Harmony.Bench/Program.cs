using Harmony.Api.Cli;
using Harmony.Api.Hosting;
using Harmony.Bench;

return await CommandLine.RunAsync(BenchCommand.Make(() => CommandLine.Load(HarmonySetup.Names)), args);
