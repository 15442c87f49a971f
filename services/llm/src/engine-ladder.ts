/**
 * The engines of an installation, best first, as one. An engine that fails before its first token is passed over for
 * the next; one that keeps failing is left alone for a while (a circuit breaker each), so that a customer does not pay
 * its time-out over and over. After the first token there is no second engine: half an answer cannot be continued by
 * another.
 */
import { AppError, codeOf, toAppError, within, type ErrorCode } from '@frontdesk/core';
import { circuitBreaker, ConsecutiveBreaker, handleWhen, type CircuitBreakerPolicy } from 'cockatiel';
import type { Engine, Piece, Prompt } from './engines/engine.js';
import { llmMetrics } from './metrics.js';

export interface LadderLimits {
  readonly stallMs: number;
}

export interface Status {
  readonly available: boolean;
  readonly models: readonly string[];
  /** For an operator; empty when available. */
  readonly reason: string;
}

interface Rung {
  readonly engine: Engine;
  readonly breaker: CircuitBreakerPolicy;
  /** Epoch ms until which it is left alone. The breaker itself stays open until somebody asks it. */
  restsUntil: number;
}

/** An answer whose first piece is there. */
interface Begun {
  readonly engine: Engine;
  readonly first: IteratorResult<Piece>;
  readonly rest: AsyncIterator<Piece>;
  readonly cancel: AbortController;
}

const failuresToOpen = 3;
const openForMs = 5_000;

export class EngineLadder {
  private readonly rungs: readonly Rung[];

  constructor(
    engines: readonly Engine[],
    private readonly limits: LadderLimits,
  ) {
    this.rungs = engines.map((engine) => {
      // A caller who went away says nothing about the engine.
      const breaker = circuitBreaker(
        handleWhen((error) => codeOf(error) !== 'cancelled'),
        { halfOpenAfter: openForMs, breaker: new ConsecutiveBreaker(failuresToOpen) },
      );
      const rung = { engine, breaker, restsUntil: 0 };
      breaker.onBreak(() => (rung.restsUntil = Date.now() + openForMs));
      return rung;
    });
  }

  status(): Status {
    const models = this.rungs.map(({ engine }) => engine.model());
    if (models.length === 0)
      return { available: false, models, reason: 'No engine is configured: set LLM_URL.' };
    const available = this.willing().length > 0;
    return {
      available,
      models,
      reason: available ? '' : 'Every engine failed lately; they are tried again within seconds.',
    };
  }

  /** Streams one answer. The time for the first token is shared among the engines that may be tried. */
  async *generate(
    prompt: Prompt,
    firstTokenMs: number,
    signal: AbortSignal,
  ): AsyncGenerator<Piece & { readonly model?: string }> {
    if (this.rungs.length === 0)
      throw new AppError('failed_precondition', 'No engine is configured: set LLM_URL.');
    const begun = await this.begin(prompt, Date.now() + firstTokenMs, signal);
    try {
      for (
        let next = begun.first;
        !next.done;
        next = await within(
          begun.rest.next(),
          this.limits.stallMs,
          'The engine stalled in the middle of an answer.',
        )
      ) {
        yield next.value.type === 'finished' ? { ...next.value, model: begun.engine.model() } : next.value;
      }
    } catch (error) {
      llmMetrics.failures.inc({ engine: begun.engine.name, code: codeOf(error) });
      throw failureOf(error, signal);
    } finally {
      begun.cancel.abort();
    }
  }

  private willing(): readonly Rung[] {
    const now = Date.now();
    return this.rungs.filter(({ restsUntil }) => restsUntil <= now);
  }

  private async begin(prompt: Prompt, deadline: number, signal: AbortSignal): Promise<Begun> {
    const willing = this.willing();
    let last: AppError = new AppError(
      'unavailable',
      'Every engine failed lately; they are tried again within seconds.',
    );
    for (const [index, { engine, breaker }] of willing.entries()) {
      const share = (deadline - Date.now()) / (willing.length - index);
      if (share <= 0) break;
      try {
        return await breaker.execute(() => firstPiece(engine, prompt, share, signal));
      } catch (error) {
        last = failureOf(error, signal);
        if (last.code === 'cancelled') throw last;
        llmMetrics.failures.inc({ engine: engine.name, code: last.code });
      }
    }
    throw last;
  }
}

async function firstPiece(
  engine: Engine,
  prompt: Prompt,
  limitMs: number,
  signal: AbortSignal,
): Promise<Begun> {
  const cancel = new AbortController();
  const startedAt = performance.now();
  const rest = engine.generate(prompt, AbortSignal.any([signal, cancel.signal]))[Symbol.asyncIterator]();
  try {
    const first = await within(rest.next(), limitMs, 'The engine sent no token in time.');
    llmMetrics.firstTokenSeconds.observe({ engine: engine.name }, (performance.now() - startedAt) / 1_000);
    return { engine, first, rest, cancel };
  } catch (error) {
    cancel.abort();
    throw failureOf(error, signal);
  }
}

/** What a caller may know: `cancelled` only if it was the caller who left. */
function failureOf(error: unknown, signal: AbortSignal): AppError {
  if (signal.aborted) return new AppError('cancelled', 'The caller went away.', { cause: error });
  const failure = toAppError(error);
  const expected: readonly ErrorCode[] = [
    'unavailable',
    'resource_exhausted',
    'data_loss',
    'deadline_exceeded',
  ];
  return expected.includes(failure.code)
    ? failure
    : new AppError('unavailable', 'The engine failed.', { cause: error });
}
