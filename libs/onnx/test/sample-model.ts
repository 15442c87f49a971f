/** A model that is small, made up and exactly described: what the tests of fetching and verifying pull about. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { parseManifest, type ModelManifest } from '../src/models/manifest.js';
import type { HubServer } from './hub-server.js';

export const MODEL = Buffer.alloc(300_000, 'weights ');
export const TOKENIZER = Buffer.from('{"version":"1.0"}');
const REVISION = '0123456789'.repeat(4);

export interface SampleFile {
  readonly name: string;
  readonly content: Uint8Array;
  readonly sources?: readonly string[];
  readonly made?: { readonly by: string; readonly from: string };
}

export function sampleManifest(
  files: readonly SampleFile[] = [
    { name: 'model.onnx', content: MODEL, sources: ['hub:onnx/model.onnx'] },
    { name: 'tokenizer.json', content: TOKENIZER, sources: ['hub:tokenizer.json'] },
  ],
  changes: Record<string, unknown> = {},
): ModelManifest {
  const described = {
    id: 'sample',
    title: 'A sample',
    repository: 'owner/name',
    revision: REVISION,
    licence: 'MIT',
    languages: ['zh'],
    pooling: 'cls',
    prefixes: { query: '', passage: '' },
    dimension: 8,
    maxTokens: 16,
    files: files.map(({ content, ...file }) => ({ ...file, bytes: content.length, sha256: sha256(content) })),
    ...changes,
  };
  return parseManifest(stringify(described), `${described.id}.yaml`);
}

export function serve(hub: HubServer, path: string, content: Uint8Array): void {
  hub.files.set(`/owner/name/resolve/${REVISION}/${path}`, content);
}

export const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

export interface Scratch extends AsyncDisposable {
  readonly dir: string;
}

export async function scratch(): Promise<Scratch> {
  const dir = await mkdtemp(join(tmpdir(), 'frontdesk-models-'));
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}
