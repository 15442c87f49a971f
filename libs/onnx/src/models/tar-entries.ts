/**
 * The entries of a tar archive in their order, gzipped (RFC 1952) or not. Each is read, or left by `resume`, before the
 * next is asked for. A broken archive throws the library's error.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';

export interface TarEntry extends AsyncIterable<unknown> {
  readonly header: Header;
  resume(): unknown;
}

export async function* tarEntries(path: string): AsyncGenerator<TarEntry> {
  const entries = extract();
  // The iterator below tells of a broken archive; that one was left early is no error.
  const ended = (): void => {};
  if (await isGzip(path)) pipeline(createReadStream(path), createGunzip(), entries, ended);
  else pipeline(createReadStream(path), entries, ended);
  yield* entries;
}

async function isGzip(path: string): Promise<boolean> {
  await using file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
  return buffer[0] === 0x1f && buffer[1] === 0x8b;
}
