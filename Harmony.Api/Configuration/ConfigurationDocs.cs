using System.Text;
using Harmony.Api.Configuration.Keys;

namespace Harmony.Api.Configuration;

/// <summary>Writes <c>.env.example</c> and <c>docs/configuration.md</c> from the table, so that neither is outdated.</summary>
internal static class ConfigurationDocs
{
    public static string EnvExample(EngineNames names)
    {
        var text = new StringBuilder(
            """
            # Every environment variable Harmony reads, with its default. Made by `scripts/harmony config --write`; do not edit by hand.
            # Copy to .env and uncomment what you change. The process environment wins over .env.
            # Every secret can also come from a file: NAME_FILE=/run/secrets/name.

            """);
        foreach (var (title, keys) in EnvTable.Sections)
        {
            text.Append('\n').Append("# --- ").Append(title).Append(" ---\n");
            foreach (var key in keys)
                text.Append("\n# ").Append(key.About).Append("\n#").Append(key.Name).Append('=').Append(key.DefaultText).Append('\n');
            if (title == "Engine")
                Families(text, names);
        }

        text.Append("\n# --- Only for compose.yaml ---\n");
        foreach (var key in ComposeKeys.All)
            text.Append("\n# ").Append(key.About).Append("\n#").Append(key.Name).Append("=\n");

        text.Append("\n# --- Names of the origin systems that do nothing here: ignored, with a warning ---\n");
        foreach (var retired in EnvTable.Retired)
            text.Append("# ").Append(retired.Name).Append(": ").Append(About(retired)).Append('\n');
        return text.ToString();
    }

    public static string Markdown(EngineNames names)
    {
        var text = new StringBuilder(
            """
            # Configuration

            Made by `scripts/harmony config --write` from the table in `Harmony.Api/Configuration/Keys`; do not edit by hand.

            Values come from the process environment, then from `.env` in the working directory (or the file the process environment names in `HARMONY_ENV_FILE`), then from the default. An empty variable counts as not set.
            A secret may also come from a file named by `NAME_FILE`. Flags read true/false, 1/0, yes/no, on/off; anything else is an error.

            | exit code | meaning |
            |---|---|
            | 78 | something is missing (a file that is named, too), unknown, or refused together (`HOST` beyond loopback without a key) |
            | 70 | a value cannot be read (the message names the variable and the form it wants), or `PORT` is taken by another program |
            | 71 | a directory is missing or cannot be written (`serve` with role worker: `MUSIC_DIR`), or slskd writes to another than `DOWNLOADS_DIR` (`selfcheck --assert-startup`) |
            | 69 | the database or slskd cannot be reached, slskd refuses the key, or is older than 0.26 |

            `serve` and `selfcheck` check the form of every value; `selfcheck --assert-startup` also that what a full installation needs is there and answers; `selfcheck --verbose` checks the same, prints one line per check, and exits 1 if any found a problem. Warnings change no exit code.

            """);
        foreach (var (title, keys) in EnvTable.Sections)
        {
            text.Append("\n## ").Append(title).Append("\n\n| Name | Default | Form | Meaning |\n|---|---|---|---|\n");
            foreach (var key in keys)
                Row(text, key);
            if (title == "Engine")
                FamilyRows(text, names);
        }

        text.Append("\n## Only for compose.yaml\n\n| Name | Meaning |\n|---|---|\n");
        foreach (var key in ComposeKeys.All)
            text.Append("| `").Append(key.Name).Append("` | ").Append(key.About).Append(" |\n");

        text.Append("\n## Retired\n\nNames of the origin systems that have no effect here, or not yet: ignored, with a warning at the start.\n\n| Name | Instead |\n|---|---|\n");
        foreach (var retired in EnvTable.Retired)
            text.Append("| `").Append(retired.Name).Append("` | ").Append(About(retired)).Append(" |\n");
        return text.ToString();
    }

    private static string About(RetiredKey retired) => retired.Foreseen ? $"Not yet. {retired.Instead}" : retired.Instead;

    private static void Row(StringBuilder text, EnvKey key)
    {
        var names = string.Join(", ", key.Names.Select(n => $"`{n}`"));
        var given = key.DefaultText is { Length: > 0 } value ? $"`{value}`" : "–";
        text.Append("| ").Append(names).Append(key.Secret ? " (secret)" : "").Append(" | ").Append(given)
            .Append(" | ").Append(key.Form.Replace("|", "\\|", StringComparison.Ordinal)).Append(" | ").Append(key.About).Append(" |\n");
    }

    private static void Families(StringBuilder text, EngineNames names)
    {
        text.Append("\n# Jobs of one lane running at once in this process.\n");
        foreach (var (lane, width) in names.Widths.Where(l => names.HasKinds(l.Key)).OrderBy(l => l.Key, StringComparer.Ordinal))
            text.Append("#ORCH_POOL_").Append(lane.ToUpperInvariant()).Append('=').Append(width).Append('\n');
        text.Append("\n# RETRY_<KIND>_MAX_ATTEMPTS, _BASE_SECONDS, _JITTER_PCT, _TIMEOUT_SECONDS override one kind; kinds: ")
            .AppendJoin(", ", names.LaneOfKind.Keys.Order(StringComparer.Ordinal)).Append(".\n");
        text.Append("\n# Which lanes come first while a process has less room than they want; JSON or CSV, lanes left out keep 0.\n")
            .Append("#ORCH_PRIORITY_CSV=download:100,search:50\n")
            .Append("# Lanes artists and watchlist together; wins over the line above.\n#ARTIST_PRIORITY=50\n");
        text.Append("\n# SCHEDULE_<KIND> runs a kind by the clock (minute hour day month weekday); _TZ, _MISFIRE, _ENABLED, _KIND, _ARGS go with it.\n")
            .Append("#SCHEDULE_NOOP=30 4 * * *\n#SCHEDULE_NOOP_TZ=Europe/Berlin\n");
    }

    private static void FamilyRows(StringBuilder text, EngineNames names)
    {
        foreach (var (lane, width) in names.Widths.Where(l => names.HasKinds(l.Key)).OrderBy(l => l.Key, StringComparer.Ordinal))
        {
            var kinds = names.LaneOfKind.Where(k => k.Value == lane).Select(k => k.Key).Order(StringComparer.Ordinal).ToList();
            text.Append("| `ORCH_POOL_").Append(lane.ToUpperInvariant()).Append("` | `").Append(width).Append("` | a whole number from 0 to 1000 | Jobs of lane ")
                .Append(lane).Append(" running at once in this process").Append(kinds.Count > 0 ? $": {string.Join(", ", kinds)}" : "").Append(". |\n");
        }

        text.Append("| `ARTIST_POOL_CONCURRENCY`, `WATCHLIST_MAX_CONCURRENCY` | – | as above | Old names of `ORCH_POOL_ARTISTS` and `ORCH_POOL_WATCHLIST`, which win. |\n");
        text.Append(
            "| `RETRY_<KIND>_MAX_ATTEMPTS`, `RETRY_<KIND>_BASE_SECONDS`, `RETRY_<KIND>_JITTER_PCT`, `RETRY_<KIND>_TIMEOUT_SECONDS` | – | as above | The same for one kind. A lane or kind nobody knows stops the start; what the origin systems ran and Harmony does not only warns. |\n");
        text.Append(
            "| `ORCH_PRIORITY_JSON`, `ORCH_PRIORITY_CSV` | – | `{\"download\":100}`, or `download:100,search:50` | Which lanes or kinds come first while this process has less room than they want. What is left out keeps 0 and its turns. JSON wins over CSV; an unknown name has no effect but a warning. |\n"
            + "| `ARTIST_PRIORITY` | – | a whole number | The same for lanes artists and watchlist together; wins over both. |\n");
        text.Append(
            "| `SCHEDULE_<NAME>` | – | minute hour day month weekday, or @hourly, @daily, @weekly, @monthly, @yearly | Runs a kind by the clock. NAME is the kind; a schedule of another name says its kind in `SCHEDULE_<NAME>_KIND`. `download_sweep`, `prune` and `watchlist_tick` run at an interval unless a key of theirs says otherwise. |\n"
            + "| `SCHEDULE_<NAME>_TZ` | `UTC` | a time zone such as Europe/Berlin | Whose clock. A time that a clock change skips fires at the end of the gap; one that it repeats fires once. |\n"
            + "| `SCHEDULE_<NAME>_MISFIRE` | `once` | skip, once or all | What becomes of slots nobody could fire: only the newest is made up for, none, or every one. |\n"
            + "| `SCHEDULE_<NAME>_ENABLED` | `true` | true or false (also 1/0, yes/no, on/off) | Off: shown, never fired. |\n"
            + "| `SCHEDULE_<NAME>_KIND`, `SCHEDULE_<NAME>_ARGS` | – | a kind; a JSON object | The kind, where the schedule has another name, and its arguments. |\n");
    }
}
