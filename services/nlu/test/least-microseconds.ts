/** User CPU of each run in microseconds: the least of 9 interleaved rounds, so that a busy machine weighs on all alike. */
export function leastMicroseconds(runs: Readonly<Record<string, () => void>>): Record<string, number> {
  const best: Record<string, number> = {};
  for (let round = 0; round < 9; round++) {
    for (const [name, run] of Object.entries(runs)) {
      const start = process.cpuUsage().user;
      run();
      best[name] = Math.min(best[name] ?? Infinity, process.cpuUsage().user - start);
    }
  }
  return best;
}
