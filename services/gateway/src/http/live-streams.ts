/**
 * The streams that stay open: watches and WebSockets. Keeps them alive with heartbeats, ends those whose credential
 * has ended or whose reader has stopped reading, and when the process leaves, says goodbye so that their readers
 * come back to another pod at once. One timer for all, however many there are.
 */
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { AppError, codeOf } from '@frontdesk/core';
import { Access } from '../access/access.js';
import { gatewayMetrics } from '../metrics.js';

export interface LiveStream {
  readonly kind: 'watch' | 'websocket';
  /** The Authorization header it was opened with. */
  readonly authorization: string | undefined;
  /** The reader does not keep up. */
  readonly stalled: boolean;
  beat(): void;
  /** Ends it; the reader may come back. */
  leave(reason: 'credential' | 'shutdown'): void;
  destroy(): void;
}

const tickMs = 4_000;
const beatEveryTicks = 3;
/** A reader who has taken nothing for so many ticks is gone, whatever its socket says. */
const patientTicks = 8;

@Injectable()
export class LiveStreams implements OnModuleInit, OnModuleDestroy {
  private readonly streams = new Map<LiveStream, { stalledTicks: number }>();
  private ticking: NodeJS.Timeout | undefined;
  private ticks = 0;
  private checking = false;
  private leaving = false;

  constructor(private readonly access: Access) {}

  onModuleInit(): void {
    this.ticking = setInterval(() => this.tick(), tickMs).unref();
  }

  /** The first step of leaving: answers in hand go on, watches do not. */
  onModuleDestroy(): void {
    clearInterval(this.ticking);
    this.leaving = true;
    for (const stream of this.streams.keys()) stream.leave('shutdown');
  }

  /** Throws `unavailable` when this process is about to leave. */
  assertOpen(): void {
    if (this.leaving)
      throw new AppError('unavailable', 'This server is restarting: connect again.', { retryAfterMs: 1_000 });
  }

  /** Call the result when the stream is over. */
  add(stream: LiveStream): () => void {
    this.streams.set(stream, { stalledTicks: 0 });
    gatewayMetrics.streams.inc({ kind: stream.kind });
    return () => {
      if (this.streams.delete(stream)) gatewayMetrics.streams.dec({ kind: stream.kind });
    };
  }

  private tick(): void {
    this.ticks += 1;
    const beat = this.ticks % beatEveryTicks === 0;
    for (const [stream, state] of [...this.streams]) {
      state.stalledTicks = stream.stalled ? state.stalledTicks + 1 : 0;
      if (state.stalledTicks >= patientTicks) stream.destroy();
      else if (beat) stream.beat();
    }
    if (!this.checking) void this.checkCredentials();
  }

  /** May take longer than a tick: heartbeats do not wait for it. */
  private async checkCredentials(): Promise<void> {
    this.checking = true;
    for (const stream of [...this.streams.keys()])
      if (!(await this.stillGood(stream.authorization))) stream.leave('credential');
    this.checking = false;
  }

  /** Only a plain no ends a stream: while nobody can tell, it goes on. */
  private async stillGood(authorization: string | undefined): Promise<boolean> {
    try {
      await this.access.identify(authorization);
      return true;
    } catch (error) {
      return codeOf(error) !== 'unauthenticated';
    }
  }
}
