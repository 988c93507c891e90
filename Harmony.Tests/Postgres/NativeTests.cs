using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Tests.Postgres;

[TestClass]
public sealed class NativeEngineTests : EngineTests
{
    private protected override void AddEngine(IServiceCollection services)
    {
    }
}

[TestClass]
public sealed class NativeConformanceTests : ConformanceTests
{
    private protected override void AddEngine(IServiceCollection services)
    {
    }
}
