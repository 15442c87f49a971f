/** Longest line that an honest engine sends, in characters. */
const maxLine = 1_000_000;

/**
 * The `data:` values of a stream of server-sent events, one per line, which is how every chat completions server sends
 * them. Event names and comments are passed over. Throws when a line does not end within a million characters.
 */
export async function* serverSentData(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = '';
  for await (const text of body.pipeThrough(
    new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>,
  )) {
    const lines = (rest + text).split(/\r\n|\n|\r/);
    rest = lines.pop()!;
    if (rest.length > maxLine) throw new RangeError('A line of the stream is too long');
    for (const line of lines) {
      if (line.startsWith('data:')) yield line.slice(line.startsWith('data: ') ? 6 : 5);
    }
  }
  if (rest.startsWith('data:')) yield rest.slice(5).trimStart();
}
