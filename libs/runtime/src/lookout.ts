import type { Readiness } from './admin.js';

/** Long enough that many probes cost one look, short enough that a probe tells what is so. */
const freshMs = 1_000;

type Checks = Readonly<Record<string, () => Promise<unknown>>>;

/** Asks whether things answer, at most once a second and once at a time, whoever wants to know and how often. */
export class Lookout {
  last: Readiness = { ready: true, checks: {} };
  private lookedAt = 0;
  private looking: Promise<Readiness> | undefined;

  constructor(private readonly checks: () => Checks) {}

  look(): Promise<Readiness> {
    if (this.looking) return this.looking;
    if (Date.now() - this.lookedAt < freshMs) return Promise.resolve(this.last);
    this.looking = this.askAll().finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async askAll(): Promise<Readiness> {
    const answers = await Promise.all(
      Object.entries(this.checks()).map(async ([name, ask]) => [name, await doesAnswer(ask)] as const),
    );
    this.lookedAt = Date.now();
    this.last = {
      ready: answers.every(([, ok]) => ok),
      checks: Object.fromEntries(answers.map(([name, ok]) => [name, ok ? 'ok' : 'does not answer'])),
    };
    return this.last;
  }
}

async function doesAnswer(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    return (await ask()) !== false;
  } catch {
    return false;
  }
}
