using Harmony.Api.Pages.Artists;
using Harmony.Data.Artists;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class ChangeWordsTests
{
    [TestMethod]
    [DataRow(null, """{"name":"Åse","genres":[]}""", "Åse", "release created")]
    [DataRow("""{"title":"Tide","total_tracks":9}""", null, "Tide", "release created")]
    [DataRow("""{"title":"Tide","cover_url":"a"}""", """{"title":"Tide","cover_url":"b"}""", "Tide", "release created: cover url")]
    [DataRow("""{"title":"Tide","total_tracks":9}""", """{"title":"Low Tide","total_tracks":10}""", "Tide → Low Tide", "release created: title, total tracks")]
    [DataRow(null, """{"alias":"Aase"}""", "Aase", "release created")]
    [DataRow(null, """{"title":7}""", "xyz", "release created")]
    [DataRow(null, null, "xyz", "release created")]
    public void A_change_has_its_name_and_changed_fields(string? before, string? after, string name, string what)
    {
        var change = new ArtistAudit
        {
            Id = 1,
            CreatedAt = default,
            ArtistKey = "spotify:a",
            EntityType = "release",
            EntityId = "xyz",
            Event = "created",
            Before = before,
            After = after,
        };

        Assert.AreEqual((name, what), (ChangeWords.Name(change), ChangeWords.What(change)));
    }
}
