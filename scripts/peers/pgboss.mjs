// pg-boss by its own batches, as many in flight as asked, without the pauses of its polling. Prints the seconds of the burn-down.
import PgBoss from "pg-boss";
import pg from "pg";
import { arguments_ } from "./burn.mjs";

const { jobs, inFlight } = arguments_();
const connectionString = process.env.PEER_DATABASE_URL;
const boss = new PgBoss({ connectionString, max: 10, supervise: false, schedule: false });
boss.on("error", console.error);
await boss.start();
await boss.createQueue("bench");
for (let n = 0; n < jobs; n += 5000)
  await boss.insert(Array.from({ length: Math.min(5000, jobs - n) }, (_, i) => ({ name: "bench", data: { n: n + i } })));
const pool = new pg.Pool({ connectionString, max: 1 });
await pool.query("vacuum analyze");
await pool.end();
const started = performance.now();
for (;;) {
  const batch = await boss.fetch("bench", { batchSize: inFlight });
  if (!batch?.length) break;
  await boss.complete("bench", batch.map((job) => job.id));
}
console.log((performance.now() - started) / 1000);
await boss.stop({ graceful: false });
