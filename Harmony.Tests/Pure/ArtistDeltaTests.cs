using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Harmony.Data.Artists;
using Harmony.Jobs.Artists;
using Harmony.Jobs.Providers.Catalogue;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class ArtistDeltaTests
{
    private static readonly ProviderArtist Solo = new("solo1", "Solo Wanderer", ["folk"], [new("https://img/1", 640, 640)]);

    [TestMethod]
    public void An_unknown_artist_is_written_with_all_its_releases()
    {
        var delta = ArtistDelta.Between(null, [], [], Solo, [Album("a"), Album("b")], Unlisted.Reported);

        Assert.AreEqual("spotify:solo1", delta.Artist!.ArtistKey);
        CollectionAssert.AreEqual(new[] { "a", "b" }, delta.Releases.Select(r => r.After.SourceId).ToArray());
        Assert.IsTrue(delta.Releases.All(r => r.Before is null));
    }

    [TestMethod]
    public void Stored_releases_write_nothing_in_any_order()
    {
        var (artist, releases) = Stored(ArtistDelta.Between(null, [], [], Solo, [Album("a"), Album("b")], Unlisted.Reported), null, []);

        var delta = ArtistDelta.Between(artist, releases, [], Solo, [Album("b"), Album("a")], Unlisted.Reported);

        Assert.IsTrue(delta.IsEmpty);
        Assert.IsEmpty(delta.Releases);
        Assert.AreEqual(artist.Etag, delta.Etag);
    }

    [TestMethod]
    public void A_changed_title_writes_the_release_and_a_version()
    {
        var (artist, releases) = Stored(ArtistDelta.Between(null, [], [], Solo, [Album("a"), Album("b")], Unlisted.Reported), null, []);

        var delta = ArtistDelta.Between(artist, releases, [], Solo, [Album("a"), Album("b") with { Name = "B (Remastered)" }], Unlisted.Reported);

        Assert.IsNotNull(delta.Artist);
        Assert.AreNotEqual(artist.Etag, delta.Etag);
        var change = delta.Releases.Single();
        Assert.AreEqual("b", change.Before!.Title);
        Assert.AreEqual("B (Remastered)", change.After.Title);
    }

    [TestMethod]
    public void A_missing_release_is_only_reported_unless_pruning()
    {
        var (artist, releases) = Stored(ArtistDelta.Between(null, [], [], Solo, [Album("a"), Album("b")], Unlisted.Reported), null, []);

        var reported = ArtistDelta.Between(artist, releases, [], Solo, [Album("a")], Unlisted.Reported);
        var pruned = ArtistDelta.Between(artist, releases, [], Solo, [Album("a")], Unlisted.Inactive);

        Assert.AreEqual("b", reported.Gone.Single().SourceId);
        Assert.IsTrue(reported.IsEmpty);
        Assert.AreEqual("b", pruned.Gone.Single().SourceId);
        Assert.IsFalse(pruned.IsEmpty);
    }

    [TestMethod]
    [DataRow(Unlisted.Reported)]
    [DataRow(Unlisted.Inactive)]
    [DataRow(Unlisted.Deleted)]
    public void A_partial_listing_removes_nothing(Unlisted unlisted)
    {
        var (artist, releases) = Stored(ArtistDelta.Between(null, [], [], Solo, [Album("a"), Album("b")], unlisted), null, [], unlisted);

        var part = ArtistDelta.Between(artist, releases, [], Solo, [Album("b")], unlisted, isWhole: false);
        var changed = ArtistDelta.Between(artist, releases, [], Solo, [Album("b") with { Name = "B2" }], unlisted, isWhole: false);
        var (after, left) = Stored(changed, artist, releases, unlisted);
        var whole = ArtistDelta.Between(after, left, [], Solo, [Album("a"), Album("b") with { Name = "B2" }], unlisted);

        Assert.IsTrue(part.IsEmpty);
        Assert.IsEmpty(part.Gone);
        Assert.IsEmpty(changed.Gone);
        Assert.AreEqual("B2", changed.Releases.Single().After.Title);
        Assert.IsTrue(whole.IsEmpty, "the tag of a part is the tag of what is stored then");
    }

    [TestMethod]
    public void Every_change_has_a_visible_difference_in_history()
    {
        var (artist, releases) = Stored(ArtistDelta.Between(null, [], [], Solo, [Album("a"), Album("b")], Unlisted.Reported), null, []);
        IReadOnlyList<Release> imported = [releases[0] with { Etag = "" }, releases[1]];
        var delta = ArtistDelta.Between(
            artist, imported, [], Solo with { Images = [new("https://img/2", 640, 640)] }, [Album("a"), Album("b") with { Artists = [new("x", "Somebody")] }], Unlisted.Reported);

        var history = ArtistHistory.Of(delta, artist, Unlisted.Reported);

        Assert.HasCount(2, delta.Releases);
        CollectionAssert.AreEqual(new[] { "artist spotify:solo1", "release b" }, history.Select(h => $"{h.EntityType} {h.EntityId}").ToArray());
        Assert.IsTrue(history.All(h => JsonSerializer.Serialize(h.Before) != JsonSerializer.Serialize(h.After)));
    }

    [TestMethod]
    public void An_inactive_release_is_reactivated_when_listed()
    {
        var (artist, releases) = Stored(ArtistDelta.Between(null, [], [], Solo, [Album("a")], Unlisted.Reported), null, []);
        var inactive = releases.Select(r => r with { InactiveAt = DateTimeOffset.UnixEpoch }).ToList();

        var delta = ArtistDelta.Between(artist, inactive, [], Solo, [Album("a")], Unlisted.Reported);

        Assert.AreEqual("a", delta.Releases.Single().Before!.SourceId);
        Assert.IsNotNull(delta.Artist);
    }

    [TestMethod]
    public void A_former_name_becomes_an_alias_once()
    {
        var (artist, releases) = Stored(ArtistDelta.Between(null, [], [], Solo, [], Unlisted.Reported), null, []);
        var renamed = Solo with { Name = "Duo Wanderers" };

        Assert.AreEqual("Solo Wanderer", ArtistDelta.Between(artist, releases, [], renamed, [], Unlisted.Reported).NewAliases.Single());
        Assert.IsEmpty(ArtistDelta.Between(artist, releases, ["solo wanderer"], renamed, [], Unlisted.Reported).NewAliases);
    }

    [TestMethod]
    public void A_release_listed_twice_is_one_release() =>
        Assert.HasCount(1, ArtistDelta.Between(null, [], [], Solo, [Album("a"), Album("a")], Unlisted.Reported).Releases);

    [TestMethod]
    public void The_history_has_before_and_after_of_changes()
    {
        var (artist, releases) = Stored(ArtistDelta.Between(null, [], [], Solo, [Album("a"), Album("b")], Unlisted.Inactive), null, []);
        var renamed = Solo with { Name = "Duo Wanderers" };
        var delta = ArtistDelta.Between(artist, releases, [], renamed, [Album("a") with { TotalTracks = 99 }, Album("c")], Unlisted.Inactive);

        var history = ArtistHistory.Of(delta, artist, Unlisted.Inactive);

        CollectionAssert.AreEquivalent(
            new[] { "artist updated", "release updated", "release created", "release inactivated", "alias updated" },
            history.Select(h => $"{h.EntityType} {h.Event}").ToArray());
        Assert.IsTrue(history.Where(h => h is { Event: "updated", EntityType: not "alias" }).All(h => h.Before is not null && h.After is not null));
    }

    [TestMethod]
    public void Deletion_includes_releases_that_were_inactive()
    {
        var (artist, releases) = Stored(ArtistDelta.Between(null, [], [], Solo, [Album("a"), Album("b")], Unlisted.Reported), null, []);
        var (pruned, left) = Stored(ArtistDelta.Between(artist, releases, [], Solo, [Album("a")], Unlisted.Inactive), artist, releases);

        var delta = ArtistDelta.Between(pruned, left, [], Solo, [Album("a")], Unlisted.Deleted);

        Assert.AreEqual("b", delta.Gone.Single().SourceId);
        Assert.IsFalse(delta.IsEmpty);
        Assert.AreEqual("release deleted", string.Join(' ', ArtistHistory.Of(delta, pruned, Unlisted.Deleted).Select(h => $"{h.EntityType} {h.Event}")));
    }

    [TestMethod]
    [DataRow(Unlisted.Inactive)]
    [DataRow(Unlisted.Deleted)]
    public void An_applied_delta_leaves_an_empty_delta(Unlisted unlisted)
    {
        var steps = Gen.Choose(0, 6).ListOf(8).Zip(Gen.Choose(0, 3).ListOf(8)).ListOf();
        Check.QuickThrowOnFailure(Prop.ForAll(steps.ToArbitrary(), history =>
        {
            Artist? artist = null;
            IReadOnlyList<Release> releases = [];
            foreach (var (ids, versions) in history)
            {
                var albums = ids.Zip(versions, (id, version) => Album($"r{id}") with { TotalTracks = version }).ToList();
                var delta = ArtistDelta.Between(artist, releases, [], Solo, albums, unlisted);
                (artist, releases) = Stored(delta, artist, releases, unlisted);
                var again = ArtistDelta.Between(artist, releases, [], Solo, albums, unlisted);
                var listed = albums.Select(a => a.Id).Distinct().Order();
                var active = releases.Where(r => r.InactiveAt is null).Select(r => r.SourceId).Order();
                if (!again.IsEmpty || again.Gone.Count > 0 || !listed.SequenceEqual(active))
                    return false;
            }

            return true;
        }));
    }

    private static ProviderAlbum Album(string id) =>
        new(id, id, "album", "2024-05-01", 10, [new("solo1", "Solo Wanderer")], [new("https://img/" + id, 640, 640)], [], null, null, null, []);

    // What the repositories do with a delta, pruning included.
    private static (Artist Artist, IReadOnlyList<Release> Releases) Stored(
        ArtistDelta delta, Artist? known, IReadOnlyList<Release> releases, Unlisted unlisted = Unlisted.Inactive)
    {
        if (delta.Artist is not { } write)
            return (known!, releases);

        var artist = new Artist
        {
            Id = 1,
            ArtistKey = write.ArtistKey,
            Source = write.Source,
            SourceId = write.SourceId,
            Name = write.Name,
            Genres = [.. write.Genres],
            Images = write.ImagesJson,
            Metadata = "{}",
            Etag = write.Etag,
            Version = (known?.Version ?? 0) + 1,
            CreatedAt = default,
            UpdatedAt = default,
        };
        var gone = delta.Gone.Select(g => g.SourceId).ToHashSet();
        var changed = delta.Releases.ToDictionary(r => r.After.SourceId, r => Row(r.After));
        var kept = releases
            .Where(r => unlisted != Unlisted.Deleted || !gone.Contains(r.SourceId))
            .Select(r => changed.Remove(r.SourceId, out var row) ? row
                : gone.Contains(r.SourceId) ? r with { InactiveAt = DateTimeOffset.UnixEpoch } : r)
            .ToList();
        return (artist, [.. kept, .. changed.Values]);
    }

    private static Release Row(ReleaseWrite write) => new()
    {
        Id = 1,
        ArtistKey = "spotify:solo1",
        Source = "spotify",
        SourceId = write.SourceId,
        Title = write.Title,
        AlbumArtist = write.AlbumArtist,
        ReleaseDate = write.ReleaseDate,
        ReleasedOn = write.ReleasedOn,
        ReleaseType = write.ReleaseType,
        TotalTracks = write.TotalTracks,
        CoverUrl = write.CoverUrl,
        Genres = [],
        Etag = write.Etag,
        Version = 1,
        Metadata = "{}",
        CreatedAt = default,
        UpdatedAt = default,
    };
}
