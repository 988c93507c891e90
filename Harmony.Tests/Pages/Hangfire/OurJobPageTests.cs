using Harmony.Api.Dashboards;

namespace Harmony.Tests.Pages;

[TestClass]
public sealed class OurJobPageTests
{
    [TestMethod]
    [DataRow("/jobs/details/42", "/ui/jobs/42")]
    [DataRow("/jobs/details/42\r\nX: 1", "/ui/jobs")]
    [DataRow("/jobs/details/99999999999999999999", "/ui/jobs")]
    [DataRow("/jobs/details", "/ui/jobs")]
    public void Only_a_job_number_redirects_to_its_page(string path, string expected) =>
        Assert.AreEqual(expected, OurJobPage.For(path));
}
