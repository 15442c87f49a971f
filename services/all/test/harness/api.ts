/** The gateway's public interface by plain `fetch`, as a channel app would call it. */

/* eslint-disable @typescript-eslint/no-explicit-any -- answers are read as a stranger would: as JSON */

export interface SseEvent {
  readonly type: string;
  readonly id: string;
  /** The JSON of the data lines. */
  readonly data: any;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: any;
}

interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** An answer that is none: what the problem document says, with the request that it answers. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    request: string,
    readonly answer: Answer,
  ) {
    super(`${request} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
}

export class Api {
  constructor(
    private readonly baseUrl: string,
    private readonly key: string,
  ) {}

  get(path: string, options?: CallOptions): Promise<any> {
    return this.insist('GET', path, undefined, options);
  }

  post(path: string, body: unknown = {}, options?: CallOptions): Promise<any> {
    return this.insist('POST', path, body, options);
  }

  put(path: string, body: unknown, options?: CallOptions): Promise<any> {
    return this.insist('PUT', path, body, options);
  }

  /** Any answer, good or bad. Rejects only where there is none. */
  async call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer> {
    const response = await this.send(method, path, body, options);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  }

  /** The events of an answer, to its end. Rejects with a `Refusal` where it is no stream. */
  async *events(
    method: string,
    path: string,
    body?: unknown,
    { headers, ...options }: CallOptions = {},
  ): AsyncGenerator<SseEvent> {
    const response = await this.send(method, path, body, {
      ...options,
      headers: { accept: 'text/event-stream', ...headers },
    });
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
      const answer = { status: response.status, headers: response.headers, body: await response.json() };
      throw new Refusal(`${method} ${path}`, answer);
    }
    yield* eventsOf(response.body!.pipeThrough(new TextDecoderStream()));
  }

  private async insist(method: string, path: string, body: unknown, options?: CallOptions): Promise<unknown> {
    const answer = await this.call(method, path, body, options);
    if (answer.status >= 300) throw new Refusal(`${method} ${path}`, answer);
    return answer.body;
  }

  private send(
    method: string,
    path: string,
    body: unknown,
    { headers, signal }: CallOptions = {},
  ): Promise<Response> {
    return fetch(this.baseUrl + path, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  }
}

/** Our gateway ends lines with LF, events with an empty one, and begins comments with a colon. */
async function* eventsOf(text: AsyncIterable<string>): AsyncGenerator<SseEvent> {
  let rest = '';
  for await (const piece of text) {
    const blocks = (rest + piece).split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line) => {
          const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line)!;
          return [name, value];
        }),
      );
      const data = fields.get('data');
      if (data !== undefined)
        yield { type: fields.get('event') ?? 'message', id: fields.get('id') ?? '', data: JSON.parse(data) };
    }
  }
}

/** What a stream brings, to its end. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
