using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Orchestrator;

/// <summary>A kind of job as found in the code: its wire name, its declaration and its run method.</summary>
public sealed record JobKind(string Kind, JobSpec Spec, Type JobType, Func<IServiceProvider, string, JobRun, CancellationToken, Task<JobEnd>> Run);

/// <summary>Every kind this process can run. Only this class searches for types.</summary>
public sealed class Catalogue
{
    private readonly Dictionary<string, JobKind> _kinds;

    private Catalogue(IReadOnlyList<Lane> lanes, IEnumerable<JobKind> kinds)
    {
        Lanes = lanes;
        _kinds = kinds.ToDictionary(k => k.Kind);
        if (_kinds.Values.FirstOrDefault(k => lanes.All(l => l.Name != k.Spec.Lane)) is { } lost)
            throw new InvalidOperationException($"{lost.JobType.Name} declares the lane '{lost.Spec.Lane}', which does not exist: its jobs would never be fetched.");
    }

    public IReadOnlyList<Lane> Lanes { get; }

    public IReadOnlyCollection<JobKind> Kinds => _kinds.Values;

    public JobKind? Find(string kind) => _kinds.GetValueOrDefault(kind);

    public static Catalogue Of(IReadOnlyList<Lane> lanes, params Assembly[] assemblies) =>
        Of(lanes, assemblies.SelectMany(a => a.GetTypes()).Where(t => !t.IsAbstract && JobInterface(t) is not null));

    public static Catalogue Of(IReadOnlyList<Lane> lanes, IEnumerable<Type> jobTypes) =>
        new(lanes, [.. jobTypes.Select(Describe)]);

    /// <summary>Registers every job; each run gets a new instance.</summary>
    public void Register(IServiceCollection services)
    {
        foreach (var kind in Kinds)
            services.AddTransient(kind.JobType);
    }

    private static Type? JobInterface(Type type) =>
        type.GetInterfaces().FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IJob<>));

    private static JobKind Describe(Type jobType)
    {
        var args = JobInterface(jobType)!.GetGenericArguments()[0];
        var describe = typeof(Catalogue).GetMethod(nameof(DescribeAs), BindingFlags.NonPublic | BindingFlags.Static)!;
        return (JobKind)describe.MakeGenericMethod(jobType, args).Invoke(null, null)!;
    }

    private static JobKind DescribeAs<TJob, TArgs>()
        where TJob : class, IJob<TArgs>
        where TArgs : class, IJobArgs =>
        new(
            TArgs.Kind,
            TJob.Spec,
            typeof(TJob),
            (services, argsJson, run, cancellationToken) => services.GetRequiredService<TJob>().RunAsync(ReadArgs<TArgs>(argsJson), run, cancellationToken));

    private static TArgs ReadArgs<TArgs>(string argsJson)
        where TArgs : class, IJobArgs
    {
        try
        {
            return JsonSerializer.Deserialize<TArgs>(argsJson, JobJson.Options)
                ?? throw new PermanentJobException("bad_args", $"The args of {TArgs.Kind} are null.");
        }
        catch (JsonException e)
        {
            throw new PermanentJobException("bad_args", $"The args of {TArgs.Kind} do not fit: {e.Message}", e);
        }
    }
}
