namespace Harmony.Api.Artists;

/// <summary>Examples of the calls about artists.</summary>
internal static class ArtistExamples
{
    public const string Synced =
        """
        {"artist_key":"spotify:1Xyo4u8uXC1ZmMpatF05PJ","priority":10,"last_enqueued_at":"2026-11-21T08:00:00Z","cooldown_until":"2026-11-21T08:15:04Z",
         "created_at":"2026-10-01T12:00:00Z","updated_at":"2026-11-21T08:00:04Z"}
        """;

    public const string SyncedList = $$"""{"items":[{{Synced}}],"total":1,"limit":25,"offset":0}""";

    public const string AddSynced = """{"artist_key":"spotify:1Xyo4u8uXC1ZmMpatF05PJ","priority":10,"cooldown_until":null}""";

    public const string Artist =
        """
        {"id":7,"artist_key":"spotify:1Xyo4u8uXC1ZmMpatF05PJ","source":"spotify","source_id":"1Xyo4u8uXC1ZmMpatF05PJ","name":"Marble Harbour",
         "genres":["dream pop"],"images":[{"url":"https://i.scdn.co/image/ab67","width":640,"height":640}],"popularity":null,"metadata":{},
         "version":3,"etag":"b1946ac92492d2347c6235b4d2611184","created_at":"2026-10-01T12:00:04Z","updated_at":"2026-11-21T08:00:04Z",
         "releases":[{"id":31,"artist_key":"spotify:1Xyo4u8uXC1ZmMpatF05PJ","source":"spotify","source_id":"4yP0hdKOZPNshxUOjY0cZj","title":"Low Tide",
          "release_date":"2020-03-20","release_type":"album","total_tracks":11,"cover_url":"https://i.scdn.co/image/ab67","version":1,
          "etag":"5d41402abc4b2a76b9719d911017c592","metadata":{},"created_at":"2026-10-01T12:00:04Z","updated_at":"2026-10-01T12:00:04Z"}]}
        """;

    public const string Enqueue = """{"force":false}""";

    public const string Enqueued =
        """{"job_id":42,"job_type":"artist_sync","status":"Enqueued","priority":50,"available_at":"2026-11-21T08:00:00Z","already_enqueued":false}""";

    public const string Watch = """{"artist_key":"spotify:1Xyo4u8uXC1ZmMpatF05PJ","priority":5,"backlog":"since","since":"2024-01-01"}""";

    public const string Watched =
        """
        {"id":3,"artist_key":"spotify:1Xyo4u8uXC1ZmMpatF05PJ","name":"Marble Harbour","priority":5,"backlog":"since","since":"2024-01-01","paused":false,
         "pause_reason":null,"resume_at":null,"last_checked":"2026-11-21T08:00:04Z","created_at":"2026-10-01T12:00:00Z","updated_at":"2026-11-21T08:00:04Z"}
        """;

    public const string WatchedList = $$"""{"items":[{{Watched}}]}""";

    public const string Prioritise = """{"priority":20}""";

    public const string Pause = """{"reason":"on tour, too many live records","resume_at":"2026-12-24T00:00:00Z"}""";

    public const string Tick =
        """
        {"fetch":[{"artist_key":"spotify:1Xyo4u8uXC1ZmMpatF05PJ","name":"Marble Harbour","kind":"artist_refresh","priority":5,"last_turn":"2026-11-20T08:00:00Z","missing_tracks":12}],
         "leave":[{"artist_key":"spotify:4mGlassTramway00000003","name":"Glass Tramway","why":"paused","until":null}],"counts":{"fetch":1,"paused":1}}
        """;

    public const string Reconciled =
        """
        {"artistKey":"spotify:1Xyo4u8uXC1ZmMpatF05PJ","dryRun":true,"applied":false,"providers":["spotify"],"providerErrors":{},
         "delta":{"summary":{"added":1,"updated":0,"removed":0,"aliasAdded":0,"aliasRemoved":0},
          "releases":{"added":[{"title":"Low Tide","source":"spotify","sourceId":"4yP0hdKOZPNshxUOjY0cZj","releaseDate":"2020-03-20","releaseType":"album"}],
           "updated":[],"removed":[]},"aliases":{"added":[],"removed":[]}},
         "safety":{"locked":false,"retryAttempts":0,"retryBudget":6,"stale":true,"stalenessMinutes":512.5,"activeJobId":null,"activeLeaseExpiresAt":null},
         "warnings":["What is known is 512 minutes old."],"jobId":null,"result":null}
        """;

    public const string Resynced = """{"enqueued":true,"jobId":42,"priority":60}""";

    public const string Invalidated = """{"artistKey":"spotify:1Xyo4u8uXC1ZmMpatF05PJ","evicted":2}""";

    public const string Audit =
        """
        {"artistKey":"spotify:1Xyo4u8uXC1ZmMpatF05PJ","items":[{"id":99,"createdAt":"2026-11-21T08:00:04Z","jobId":42,"entityType":"release",
          "entityId":"4yP0hdKOZPNshxUOjY0cZj","event":"updated","before":{"title":"Low Tide"},"after":{"title":"Low Tide (Remaster)"}}],
         "nextCursor":"99","limit":1}
        """;
}
