export function arguments_() {
  const [jobs, inFlight] = process.argv.slice(2).map(Number);
  if (!(jobs > 0) || !(inFlight > 0)) throw new Error("usage: node PEER.mjs JOBS IN_FLIGHT");
  return { jobs, inFlight };
}

export async function untilEmpty(isEmpty) {
  while (!(await isEmpty())) await new Promise((resolve) => setTimeout(resolve, 10));
}
