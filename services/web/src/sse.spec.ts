import { ServerEventDecoder, serverEvents } from './sse.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function decodeAll(stream: string, chunkSize: number) {
  const decoder = new ServerEventDecoder();
  const all = bytes(stream);
  const events = [];
  for (let at = 0; at < all.length; at += chunkSize)
    events.push(...decoder.push(all.slice(at, at + chunkSize)));
  return events;
}

describe('ServerEventDecoder', () => {
  it('reads type, id and data', () => {
    expect(decodeAll('event: token\nid: 7\ndata: {"text":"hi"}\n\n', 1000)).toEqual([
      { type: 'token', id: '7', data: '{"text":"hi"}' },
    ]);
  });

  it.each([1, 2, 3, 5, 1000])(
    'does not care where the bytes are cut or how lines end (chunks of %i)',
    (size) => {
      const mixed = '\uFEFFid: 1\r\nevent: token\r\ndata: 您好\r\ndata: 🙂\r\n\r\ndata: b\r\rdata: c\n\n';
      expect(decodeAll(mixed, size)).toEqual([
        { type: 'token', id: '1', data: '您好\n🙂' },
        { type: 'message', id: '1', data: 'b' },
        { type: 'message', id: '1', data: 'c' },
      ]);
    },
  );

  it('ignores comments, unknown fields and events without data', () => {
    expect(decodeAll(': beat\n\nevent: typing\n\nretry: 10\ndata: x\n\n', 4)).toEqual([
      { type: 'message', id: '', data: 'x' },
    ]);
  });

  it('strips one space after the colon only, and takes a field without a colon as empty', () => {
    expect(decodeAll('data:  two\ndata\ndata:none\n\n', 100)).toEqual([
      { type: 'message', id: '', data: ' two\n\nnone' },
    ]);
  });

  it('keeps the last id until another one comes, and refuses one with NUL', () => {
    expect(decodeAll('id: 4\ndata: a\n\ndata: b\n\nid: 5\0\ndata: c\n\n', 100).map(({ id }) => id)).toEqual([
      '4',
      '4',
      '4',
    ]);
  });
});

describe('serverEvents', () => {
  const streamOf = (...chunks: string[]): ReadableStream<Uint8Array> =>
    new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(bytes(chunk));
        controller.close();
      },
    });

  it('drops an event that the end of the stream cut short', async () => {
    const seen: string[] = [];
    for await (const event of serverEvents(streamOf('data: whole\n', '\ndata: half\n')))
      seen.push(event.data);
    expect(seen).toEqual(['whole']);
  });

  it('cancels the body when the reader stops early', async () => {
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(bytes('data: x\n\n')),
      cancel: () => void (cancelled = true),
    });
    for await (const event of serverEvents(endless)) if (event.data === 'x') break;
    expect(cancelled).toBe(true);
  });
});
