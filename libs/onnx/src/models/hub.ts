/**
 * Files of a model hub over HTTPS: any server which answers `<base>/<owner>/<name>/resolve/<revision>/<path>`, as the
 * public hub and its mirrors do.
 *
 * Promises: a broken transfer goes on where it broke (`Range`, RFC 9110 §14), within one call and across processes; no
 * more than the announced bytes are ever written; a server that falls silent is given up. What has come is not verified
 * here.
 */
import { open, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, codeOf } from '@frontdesk/core';

/** The only host in this repository which files come from; `HUB_URL` and `--mirror` name another one. */
export const PUBLIC_HUB_URL = 'https://huggingface.co';

export interface HubOptions {
  readonly url?: string;
  /** Tries in a row which brought nothing; one that brought bytes begins the count anew. */
  readonly attempts?: number;
  /** Milliseconds without an answer or a byte. */
  readonly silenceMs?: number;
  /** Milliseconds before the second try, doubled before each further one. */
  readonly pauseMs?: number;
}

export interface HubFile {
  readonly repository: string;
  readonly revision: string;
  readonly path: string;
  readonly bytes: number;
}

export class Hub {
  readonly url: string;
  readonly #attempts: number;
  readonly #silenceMs: number;
  readonly #pauseMs: number;
  /** Why the hub could not be reached at all: said again for the next file, instead of waiting for it once more. */
  #unreachable?: AppError;

  constructor({ url = PUBLIC_HUB_URL, attempts = 3, silenceMs = 30_000, pauseMs = 500 }: HubOptions = {}) {
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
      throw new AppError('invalid_argument', `The hub "${url}" must be a URL which begins with https://.`);
    }
    this.url = url.replace(/\/+$/, '');
    this.#attempts = attempts;
    this.#silenceMs = silenceMs;
    this.#pauseMs = pauseMs;
  }

  /**
   * Completes `part`, a file which may hold the beginning already; `onReceived` gets the bytes it has by now. Throws
   * `unavailable` when the hub does not answer or breaks off again and again, `not_found` or `permission_denied` as the
   * hub says, `data_loss` when it sends more than announced.
   */
  async download(file: HubFile, part: string, onReceived: (bytes: number) => void): Promise<void> {
    if (this.#unreachable) throw this.#unreachable;
    const url = `${this.url}/${file.repository}/resolve/${file.revision}/${file.path}`;
    let failures = 0;
    for (;;) {
      const before = await sizeOf(part);
      try {
        await this.#continue(url, part, file.bytes, onReceived);
        return;
      } catch (error) {
        failures = (await sizeOf(part)) > before ? 1 : failures + 1;
        if (codeOf(error) !== 'unavailable' || failures >= this.#attempts) throw error;
      }
      await sleep(this.#pauseMs * 2 ** (failures - 1));
    }
  }

  async #continue(
    url: string,
    part: string,
    bytes: number,
    onReceived: (bytes: number) => void,
  ): Promise<void> {
    let received = await sizeOf(part);
    if (received === bytes) return;
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(), this.#silenceMs);
    try {
      const response = await this.#request(url, received, silence.signal);
      // A server which does not know Range begins at the beginning.
      if (response.status !== 206) received = 0;
      await using output = await open(part, received > 0 ? 'a' : 'w');
      for await (const chunk of response.body ?? []) {
        timer.refresh();
        received += chunk.length;
        if (received > bytes) break;
        await output.writeFile(chunk);
        onReceived(received);
      }
    } catch (cause) {
      throw codeOf(cause) === 'unknown' ? brokenOff(url, cause, silence.signal.aborted) : cause;
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
    if (received > bytes) {
      await rm(part, { force: true });
      throw new AppError('data_loss', `${url} is longer than the ${bytes} bytes of the manifest.`);
    }
    if (received < bytes) throw brokenOff(url, undefined, false);
  }

  /** The answer whose body begins at `offset`, or at 0 with another status than 206. */
  async #request(url: string, offset: number, signal: AbortSignal): Promise<Response> {
    const headers = {
      'accept-encoding': 'identity',
      ...(offset > 0 ? { range: `bytes=${offset}-` } : {}),
    };
    const response = await fetch(url, { headers, signal }).catch((cause: unknown) => {
      const reason = signal.aborted ? SILENT : reasonOf(cause);
      this.#unreachable = new AppError('unavailable', `The hub ${this.url} does not answer: ${reason}.`, {
        cause,
      });
      throw this.#unreachable;
    });
    this.#unreachable = undefined;
    const resumed = response.headers.get('content-range')?.startsWith(`bytes ${offset}-`) ?? false;
    if (response.status === 206 ? resumed : response.status === 200) return response;
    await response.body?.cancel();
    // What is there is longer than the file, or the server sent another range: from the beginning.
    if (offset > 0 && (response.status === 206 || response.status === 416))
      return this.#request(url, 0, signal);
    throw new AppError(codeFor(response.status), `${url} answered ${response.status}.`);
  }
}

const SILENT = 'nothing came for too long';

function codeFor(status: number): 'not_found' | 'permission_denied' | 'unavailable' | 'failed_precondition' {
  if (status === 404 || status === 410) return 'not_found';
  if (status === 401 || status === 403) return 'permission_denied';
  return status === 408 || status === 429 || status >= 500 ? 'unavailable' : 'failed_precondition';
}

function brokenOff(url: string, cause: unknown, silent: boolean): AppError {
  const reason = silent ? SILENT : reasonOf(cause);
  return new AppError('unavailable', `${url} could not be read to its end: ${reason}.`, { cause });
}

/** What undici wraps: "fetch failed" says nothing, its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the connection ended early';
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
