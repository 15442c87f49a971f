/**
 * A turn, once begun, runs to its end whether or not anybody still listens: a customer whose connection drops finds the
 * answer in the log. Hides the buffer between a turn and its listener, and what happens to turns at shutdown.
 */
import { ReadableStream } from 'node:stream/web';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { currentContext, runInContext, within } from '@frontdesk/core';
import { Log } from '@frontdesk/runtime';

/** Turns whose listener has left get this long when the process stops; the customer's retry takes over the rest. */
const farewellMs = 5_000;

@Injectable()
export class TurnsInHand implements OnModuleDestroy {
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly log: Log) {}

  /** What `turn` yields, as it comes. It starts at once and has `limitMs`, however long its listener waits. */
  run<T>(turn: () => AsyncIterable<T>, limitMs: number): AsyncIterable<T> {
    const { signal: _ofTheListener, ...request } = currentContext()!;
    const context = { ...request, deadline: Date.now() + limitMs };
    return runInContext(context, () => this.unattended(turn()));
  }

  async onModuleDestroy(): Promise<void> {
    await within(Promise.all(this.running), farewellMs, 'Turns were left unfinished.').catch(() => undefined);
  }

  private unattended<T>(turn: AsyncIterable<T>): AsyncIterable<T> {
    let heard = true;
    return new ReadableStream<T>({
      start: (events) => {
        const run = (async () => {
          for await (const event of turn) if (heard) events.enqueue(event);
          if (heard) events.close();
        })().catch((error: unknown) => {
          if (heard) events.error(error);
          else this.log.warn('A turn failed after its listener had left', { error });
        });
        this.running.add(run);
        void run.then(() => this.running.delete(run));
      },
      cancel: () => {
        heard = false;
      },
    });
  }
}
