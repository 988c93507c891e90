using Harmony.Orchestrator;

namespace Harmony.Tests.Postgres;

/// <summary>The one list of dead letters: every order can be walked to its end by cursor, and every filter means the same in list and count.</summary>
[TestClass]
public sealed class DeadLetterListTests
{
    private const int Rows = 23;

    private TestDatabase _db = null!;
    private DeadLetters _letters = null!;

    public required TestContext TestContext { get; set; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestInitialize]
    public async Task StartAsync()
    {
        _db = await TestDatabase.CreateAsync();
        _letters = new DeadLetters(_db.Database);
        // Several died in the same moment, and none in the order of their ids.
        await AddAsync("from generate_series(1, 23) n", "case n % 2 when 0 then 'even' else 'odd' end", "case when n % 3 = 0 then null else 'reason_' || n % 3 end", "'error ' || n", "n * 7 % 5");
    }

    [TestCleanup]
    public async Task StopAsync() => await _db.DisposeAsync();

    [TestMethod]
    [DataRow(false, false)]
    [DataRow(false, true)]
    [DataRow(true, false)]
    [DataRow(true, true)]
    public async Task Every_sort_order_pages_without_gap_or_repetition(bool byCreation, bool oldestFirst)
    {
        var filter = new DeadLetterFilter { ByCreation = byCreation, OldestFirst = oldestFirst };

        var walked = await WalkAsync(filter, 5);

        var whole = (await _letters.ListAsync(filter, 1000, Ct)).Items.Select(l => l.JobId).ToList();
        CollectionAssert.AreEqual(whole, walked);
        Assert.HasCount(Rows, walked.Distinct().ToList());
        var direction = oldestFirst ? "" : " desc";
        var sorted = await _db.Database.QueryAsync<long>(
            $"select job_id from harmony.job order by {(byCreation ? "" : $"dead_lettered_at{direction}, ")}job_id{direction}", null, Ct);
        CollectionAssert.AreEqual(sorted.ToList(), walked);
    }

    [TestMethod]
    public async Task A_new_dead_letter_shifts_no_page()
    {
        var first = await _letters.ListAsync(new DeadLetterFilter(), 10, Ct);
        await AddAsync("from generate_series(100, 120) n", "'late'", "'late'", "'late'", "-60");

        var second = await _letters.ListAsync(new DeadLetterFilter { After = first.Next }, 100, Ct);

        Assert.HasCount(Rows - 10, second.Items);
        Assert.IsNull(second.Next);
    }

    [TestMethod]
    [DataRow("even", null, null, null, 11)]
    [DataRow(null, "unknown", null, null, 7)]
    [DataRow("odd", "reason_1", null, null, 4)]
    [DataRow(null, null, "ERROR 2", null, 5)]
    [DataRow(null, null, "_", null, 0)]
    [DataRow(null, null, null, "REASON_2", 8)]
    [DataRow(null, null, null, "rror 1%", 0)]
    public async Task A_filter_agrees_in_list_page_and_count(string? kind, string? reason, string? text, string? like, int many)
    {
        var filter = new DeadLetterFilter { Kind = kind, ReasonCode = reason, Text = text, ReasonLike = like };

        var walked = await WalkAsync(filter, 3);

        Assert.HasCount(many, walked);
        Assert.AreEqual(many, await _letters.CountAsync(filter, Ct));
        CollectionAssert.AreEqual(walked.Skip(2).Take(2).ToList(), (await _letters.ListAsync(filter with { Skip = 2 }, 2, Ct)).Items.Select(l => l.JobId).ToList());
    }

    [TestMethod]
    public async Task A_rare_match_is_found_on_later_pages()
    {
        await AddAsync("from generate_series(1000, 11500) n", "'common'", "'common'", "'common'", "-1000");

        var first = await _letters.ListAsync(new DeadLetterFilter { Text = "error 7" }, 5, Ct);

        Assert.IsEmpty(first.Items);
        Assert.IsTrue(first.Cut);
        Assert.HasCount(1, await WalkAsync(new DeadLetterFilter { Text = "error 7" }, 5));
    }

    [TestMethod]
    public async Task Group_counts_add_up_to_reason_counts()
    {
        var groups = await _letters.ListGroupsAsync(Ct);

        Assert.HasCount(6, groups);
        Assert.AreEqual("reason_1 8, reason_2 8, unknown 7", string.Join(", ", DeadLetterReason.Of(groups).Select(r => $"{r.ReasonCode} {r.Jobs}")));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("12")]
    [DataRow("x-1")]
    [DataRow("1-x")]
    [DataRow("-1-1")]
    [DataRow("9223372036854775807-1")]
    public void A_malformed_cursor_is_null(string text) => Assert.IsNull(DeadLetterCursor.Parse(text));

    private async Task<List<long>> WalkAsync(DeadLetterFilter filter, int size)
    {
        List<long> walked = [];
        for (DeadLetterCursor? after = null; ;)
        {
            var page = await _letters.ListAsync(filter with { After = after }, size, Ct);
            walked.AddRange(page.Items.Select(l => l.JobId));
            if (page.Next is null)
                return walked;
            after = DeadLetterCursor.Parse(page.Next.ToString());
        }
    }

    private Task AddAsync(string from, string kind, string reason, string error, string minutesAgo) => _db.Database.ExecuteAsync(
        $"""
        insert into harmony.job (job_id, kind, args, priority, state, max_retries, attempts, reason_code, last_error, created_at, dead_lettered_at)
        select
            n,
            {kind},
            jsonb_build_object(),
            50,
            'Failed',
            1,
            1,
            {reason},
            {error},
            harmony.now(),
            date_trunc('second', harmony.now()) - ({minutesAgo}) * interval '1 minute' + interval '123456 microseconds'
        {from}
        """,
        null,
        Ct);
}
