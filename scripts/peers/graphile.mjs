// graphile-worker as its readme starts it: no batching of fetches or completions. Prints the seconds of the burn-down.
import { runMigrations, run } from "graphile-worker";
import pg from "pg";
import { arguments_, untilEmpty } from "./burn.mjs";

const { jobs, inFlight } = arguments_();
const connectionString = process.env.PEER_DATABASE_URL;
await runMigrations({ connectionString });
const pool = new pg.Pool({ connectionString, max: 2 });
await pool.query(
  `select graphile_worker.add_jobs(array(
     select json_populate_record(null::graphile_worker.job_spec, json_build_object('identifier', 'bench', 'payload', json_build_object('n', i)))
     from generate_series(1, $1) i))`,
  [jobs],
);
await pool.query("vacuum analyze");
const quiet = { info() {}, debug() {}, error: console.error, warn: console.error, scope: () => quiet };
const started = performance.now();
let done = 0;
const runner = await run({
  connectionString,
  concurrency: inFlight,
  noHandleSignals: true,
  pollInterval: 500,
  maxPoolSize: Math.min(inFlight + 2, 80),
  logger: { ...quiet },
  taskList: { bench: async () => { done++; } },
});
await untilEmpty(() => done >= jobs);
await untilEmpty(async () => (await pool.query("select count(*)::int as n from graphile_worker._private_jobs")).rows[0].n === 0);
console.log((performance.now() - started) / 1000);
await runner.stop();
await pool.end();
