using System.Text.Json;
using Harmony.Data;
using Harmony.Jobs.Operator;
using Harmony.Orchestrator;
using Harmony.Orchestrator.Schedules;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Harmony.Tests.Faults;

/// <summary>How a worker process is set up; handed over as JSON, its only argument.</summary>
internal sealed record WorkerOrders
{
    /// <summary>Every fault is tried with the shortest lease there is.</summary>
    public const int LeaseSeconds = 5;

    public const int PollMaxMs = 2000;

    public required string ConnectionString { get; init; }

    /// <summary>The name its connections carry, so that the database can tell whose they are.</summary>
    public required string Name { get; init; }

    public int Width { get; init; } = 20;

    public int GraceSeconds { get; init; } = 1;

    /// <summary>How wrong its clock is.</summary>
    public double SkewMinutes { get; init; }

    /// <summary>Fires a tick at the instants of this expression.</summary>
    public string? Cron { get; init; }
}

/// <summary>A worker with jobs of the fault tests: this assembly, started as a process of its own.</summary>
internal static class WorkerProgram
{
    public static async Task<int> Main(string[] args)
    {
        var orders = JsonSerializer.Deserialize<WorkerOrders>(args[0])!;
        Lane[] lanes = [new("work", orders.Width), new("other", orders.Width), new("operator", orders.Width)];
        var options = new OrchestratorOptions
        {
            LeaseSeconds = WorkerOrders.LeaseSeconds,
            PollMaxMs = WorkerOrders.PollMaxMs,
            GlobalConcurrency = orders.Width * 2,
            ShutdownGraceSeconds = orders.GraceSeconds,
            RetryDefaults = new RetryOverride(null, TimeSpan.FromSeconds(1), null, null),
            Schedules = ScheduleOf(orders),
        };

        await using var source = DataSources.Open(orders.ConnectionString, orders.Name);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(new Database(source));
        builder.Services.AddSingleton<TimeProvider>(new SkewedClock(TimeSpan.FromMinutes(orders.SkewMinutes)));
        builder.Services.AddHarmonyWorker(options, Catalogue.Of(lanes, [typeof(EffectJob), typeof(PoisonJob), typeof(TickJob), typeof(NoopJob)]));
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(orders.GraceSeconds + 10));
        using var host = builder.Build();
        var server = host.Services.GetRequiredService<JobServer>();
        await host.RunAsync();
        return server.ExitCode ?? 0;
    }

    private static IReadOnlyList<Schedule> ScheduleOf(WorkerOrders orders) => orders.Cron is null || !Cron.TryParse(orders.Cron, out var cron, out _)
        ? []
        : [new Schedule { Name = "tick", Kind = TickArgs.Kind, Cron = cron, Misfire = Misfire.All }];

    private sealed class SkewedClock(TimeSpan skew) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + skew;
    }
}
