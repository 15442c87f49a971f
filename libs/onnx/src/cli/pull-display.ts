/** What a person sees of a pull: a bar that moves on a terminal, one line per event elsewhere (a log of CI, a file). */
import type { ModelFile, ModelManifest } from '../models/manifest.js';
import type { PullStep } from '../models/pull.js';

/** The part of a `WriteStream` that is needed; `isTTY` is unset for files and pipes. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

const BAR_WIDTH = 30;
const REDRAW_MS = 100;
const CLEAR_LINE = '\r\u001b[K';

export class PullDisplay {
  #startedAt = 0;
  #drawnAt = 0;
  /** Bytes that were here before this transfer began; unset until the first ones come. */
  #before?: number;

  constructor(
    private readonly output: Output,
    private readonly now: () => number = Date.now,
  ) {}

  readonly report = (step: PullStep, file: ModelFile, { id }: ModelManifest): void => {
    const name = `${id}/${file.name}`;
    const size = megabytes(file.bytes);
    switch (step.step) {
      case 'present':
        return this.#line(`${name}: here and verified, ${size}`);
      case 'asking':
        this.#startedAt = this.now();
        this.#before = undefined;
        return this.#passing(`${name}: ${size} from ${step.source.text} …`);
      case 'received':
        return this.#bar(name, step.bytes, file.bytes);
      case 'refused':
        return this.#line(`${name}: not from ${step.source.text}: ${step.reason}`);
      case 'making':
        this.#startedAt = this.now();
        return this.#passing(`${name}: being made (${step.by}) …`);
      case 'verified':
        return this.#line(
          `${name}: verified, ${size} in ${((this.now() - this.#startedAt) / 1000).toFixed(1)} s`,
        );
    }
  };

  #bar(name: string, received: number, total: number): void {
    const now = this.now();
    this.#before ??= received;
    if (!this.output.isTTY || now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    const filled = Math.floor((BAR_WIDTH * received) / total);
    const rate = (received - this.#before) / Math.max(1, now - this.#startedAt);
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
    const share = `${Math.floor((100 * received) / total)} %`.padStart(5);
    this.output.write(`${CLEAR_LINE}${name} ${bar} ${share}  ${(rate / 1000).toFixed(1)} MB/s`);
  }

  /** A line that the next one replaces, where that can be. */
  #passing(text: string): void {
    if (this.output.isTTY) this.output.write(`${CLEAR_LINE}${text}`);
    else this.#line(text);
  }

  #line(text: string): void {
    this.output.write(`${this.output.isTTY ? CLEAR_LINE : ''}${text}\n`);
  }
}

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
