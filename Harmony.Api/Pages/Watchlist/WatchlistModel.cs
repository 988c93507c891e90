using Harmony.Data.Watchlist;

namespace Harmony.Api.Pages.Watchlist;

public sealed record WatchlistModel(IReadOnlyList<WatchedArtist> Items, DateTimeOffset Now);
