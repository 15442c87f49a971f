/** What a stream of events has brought so far, for a test to look at. */
import { eventually } from '@frontdesk/testing';
import type { Api, SseEvent } from './api.js';

export class Watch {
  readonly events: SseEvent[] = [];
  private readonly leaving = new AbortController();
  /** Resolves when the stream has ended, by itself or by `close`. */
  readonly ended: Promise<void>;

  constructor(api: Api, path: string, lastEventId?: string) {
    this.ended = this.read(
      api.events('GET', path, undefined, {
        signal: this.leaving.signal,
        ...(lastEventId !== undefined && { headers: { 'last-event-id': lastEventId } }),
      }),
    );
  }

  /** The first event of this type that fits, whether it is there or still to come. */
  async next(type: string, fits: (data: SseEvent['data']) => boolean = () => true): Promise<SseEvent> {
    const found = (): SseEvent | undefined =>
      this.events.find((event) => event.type === type && fits(event.data));
    try {
      return await eventually(type, found);
    } catch {
      const seen = this.events.map(({ data, ...event }) => JSON.stringify({ ...event, ...data }));
      throw new Error(`No such ${type} came, but:\n${seen.join('\n')}`);
    }
  }

  ofType(type: string): SseEvent[] {
    return this.events.filter((event) => event.type === type);
  }

  async close(): Promise<void> {
    this.leaving.abort();
    await this.ended;
  }

  private async read(events: AsyncIterable<SseEvent>): Promise<void> {
    try {
      for await (const event of events) this.events.push(event);
    } catch (error) {
      if (!this.leaving.signal.aborted) throw error;
    }
  }
}
