namespace Harmony.Tests.Postgres;

/// <summary>Everything a schema dump would show of Hangfire's storage, one sorted line per object.</summary>
internal static class HangfireCatalogue
{
    public const string Sql =
        """
        select line collate "C"
        from (
            select format('column %s.%s %s %s default %s at %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                case when a.attnotnull then 'not null' else 'null' end,
                coalesce(pg_get_expr(d.adbin, d.adrelid), '-'), a.attnum)
            from pg_attribute a
            join pg_class c on c.oid = a.attrelid
            left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            where c.relnamespace = 'hangfire'::regnamespace
            and c.relkind = 'r'
            and a.attnum > 0
            and not a.attisdropped
            union all
            select format('constraint %s.%s %s', r.relname, k.conname, pg_get_constraintdef(k.oid))
            from pg_constraint k
            join pg_class r on r.oid = k.conrelid
            where k.connamespace = 'hangfire'::regnamespace
            union all
            select 'index ' || indexdef
            from pg_indexes
            where schemaname = 'hangfire'
            union all
            select format('sequence %s %s %s..%s by %s cache %s owned by %s', s.sequencename, s.data_type, s.min_value, s.max_value,
                s.increment_by, s.cache_size, coalesce(o.relname || '.' || a.attname, '-'))
            from pg_sequences s
            join pg_class q on q.relname = s.sequencename and q.relnamespace = 'hangfire'::regnamespace
            left join pg_depend d on d.objid = q.oid and d.classid = 'pg_class'::regclass and d.deptype = 'a'
            left join pg_class o on o.oid = d.refobjid
            left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
            where s.schemaname = 'hangfire'
            union all
            select format('replica identity %s %s %s', c.relname, c.relreplident,
                (select i.relname from pg_index x join pg_class i on i.oid = x.indexrelid where x.indrelid = c.oid and x.indisreplident))
            from pg_class c
            where c.relnamespace = 'hangfire'::regnamespace
            and c.relkind = 'r'
            union all
            select 'trigger ' || pg_get_triggerdef(t.oid)
            from pg_trigger t
            join pg_class c on c.oid = t.tgrelid
            where c.relnamespace = 'hangfire'::regnamespace
            and not t.tgisinternal
            union all
            select 'version ' || version
            from hangfire.schema
        ) catalogue (line)
        order by line collate "C"
        """;

    /// <summary>Leaves out the indexes and triggers we add; all of them are named harmony_*.</summary>
    public static IReadOnlyList<string> WithoutOurs(IReadOnlyList<string> lines) =>
        [.. lines.Where(line => !line.StartsWith("index CREATE INDEX harmony_", StringComparison.Ordinal)
            && !line.StartsWith("index CREATE UNIQUE INDEX harmony_", StringComparison.Ordinal)
            && !line.StartsWith("trigger CREATE TRIGGER harmony_", StringComparison.Ordinal))];
}
