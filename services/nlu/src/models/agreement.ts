/**
 * Whether a new version reads live utterances as the one before it did. A version that passed its gate may still be
 * wrong on what customers really write; then it disagrees with its predecessor far more often than its held-out
 * accuracy explains, and is taken back. Answers with an intent the predecessor does not know are no disagreement, as
 * long as they stay the smaller part.
 */

export interface Agreement {
  readonly observed: number;
  readonly agreed: number;
  /** Answers which the predecessor could not have given. */
  readonly unknown: number;
}

/** Fewer say nothing. */
const ENOUGH = 40;
/** After these a version is trusted. */
const TRUSTED_AFTER = 500;
/** How far agreement may fall below the held-out accuracy. */
const TOLERANCE = 0.25;
/** More answers than this in intents the predecessor does not know are suspicious themselves. */
const MOST_UNKNOWN = 0.5;

export type Verdict = 'undecided' | 'trusted' | 'disagrees';

/** `expected` is the share of held-out examples the version gets right, 0 to 1. */
export function judgeAgreement({ observed, agreed, unknown }: Agreement, expected: number): Verdict {
  if (observed < ENOUGH) return 'undecided';
  const comparable = observed - unknown;
  if (unknown > MOST_UNKNOWN * observed) return 'disagrees';
  if (comparable >= ENOUGH / 2 && agreed / comparable < expected - TOLERANCE) return 'disagrees';
  return observed >= TRUSTED_AFTER ? 'trusted' : 'undecided';
}

/** Counts one version's first utterances in one process. */
export class AgreementWatch {
  private counts: Agreement = { observed: 0, agreed: 0, unknown: 0 };

  constructor(
    private readonly knownBefore: ReadonlySet<string>,
    private readonly expected: number,
  ) {}

  observe(now: string, before: string): Verdict {
    const { observed, agreed, unknown } = this.counts;
    this.counts = {
      observed: observed + 1,
      agreed: agreed + (now === before ? 1 : 0),
      unknown: unknown + (this.knownBefore.has(now) ? 0 : 1),
    };
    return judgeAgreement(this.counts, this.expected);
  }

  /** For an editor. */
  get words(): string {
    const { observed, agreed, unknown } = this.counts;
    return (
      `Of its first ${observed} live messages it read ${agreed} as the version before did` +
      (unknown > 0 ? `, and ${unknown} as intents which that one does not know.` : '.')
    );
  }
}
