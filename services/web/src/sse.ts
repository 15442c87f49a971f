/**
 * Server-sent events from a fetch body (WHATWG HTML, section 9.2.6), because EventSource can send neither a
 * POST nor an Authorization header. Bytes may be cut anywhere: inside a character, inside a CRLF, inside a line.
 */

export interface ServerEvent {
  /** `message` where the stream names none. */
  readonly type: string;
  readonly data: string;
  /** The last id the stream has sent so far; empty before the first. */
  readonly id: string;
}

/** Feed it chunks in order; every call answers the events which that chunk completed. */
export class ServerEventDecoder {
  private readonly utf8 = new TextDecoder();
  private rest = '';
  private type = '';
  private data: string[] = [];
  private lastId = '';

  push(chunk: Uint8Array): ServerEvent[] {
    this.rest += this.utf8.decode(chunk, { stream: true });
    const events: ServerEvent[] = [];
    for (let line = this.takeLine(); line !== undefined; line = this.takeLine()) {
      if (line !== '') this.readField(line);
      else if (this.data.length > 0) events.push(this.dispatch());
      else this.type = '';
    }
    return events;
  }

  /** The next whole line without its end, or undefined. A trailing CR waits: its LF may be in the next chunk. */
  private takeLine(): string | undefined {
    const end = this.rest.search(/\r\n|\n|\r(?!$)/);
    if (end < 0) return undefined;
    const line = this.rest.slice(0, end);
    this.rest = this.rest.slice(this.rest.startsWith('\r\n', end) ? end + 2 : end + 1);
    return line;
  }

  private readField(line: string): void {
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') this.data.push(value);
    else if (field === 'event') this.type = value;
    else if (field === 'id' && !value.includes('\0')) this.lastId = value;
  }

  private dispatch(): ServerEvent {
    const event = { type: this.type || 'message', data: this.data.join('\n'), id: this.lastId };
    this.type = '';
    this.data = [];
    return event;
  }
}

/** The events of a response body. Ends with the body; an event which the end cut short is dropped, as specified. */
export async function* serverEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent, void> {
  const decoder = new ServerEventDecoder();
  const reader = body.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      yield* decoder.push(part.value);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
