using System.Globalization;

namespace Harmony.Tests;

/// <summary>The tests run as the programs do: numbers and dates are written the same way on every machine.</summary>
[TestClass]
public static class TestCulture
{
    [AssemblyInitialize]
    public static void Use(TestContext context) => CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
}
