import { stringify } from 'yaml';
import { fileOf, parseManifest, productsOf, readManifests } from './manifest.js';

const SHA = 'a'.repeat(64);

function yamlOf(changes: Record<string, unknown> = {}): string {
  return stringify({
    id: 'sample',
    title: 'A sample',
    repository: 'owner/name',
    revision: '0'.repeat(40),
    licence: 'MIT',
    languages: ['zh'],
    pooling: 'mean',
    prefixes: { query: 'query: ', passage: '' },
    dimension: 8,
    maxTokens: 16,
    files: [
      { name: 'weights.bin', bytes: 10, sha256: SHA, sources: ['hub:weights.bin'] },
      { name: 'model.onnx', bytes: 20, sha256: SHA, made: { by: 'double', from: 'weights.bin' } },
      { name: 'tokenizer.json', bytes: 5, sha256: SHA, sources: ['hub:tokenizer.json'] },
    ],
    ...changes,
  });
}

describe('a manifest', () => {
  it('gives a model with its files, of which those that others are made from are no products', () => {
    const manifest = parseManifest(yamlOf(), 'sample.yaml');
    expect(manifest).toMatchObject({ id: 'sample', pooling: 'mean', byDefault: false });
    expect(productsOf(manifest).map(({ name }) => name)).toEqual(['model.onnx', 'tokenizer.json']);
    expect(fileOf(manifest, 'weights.bin').sources).toEqual([
      { kind: 'hub', text: 'hub:weights.bin', path: 'weights.bin' },
    ]);
  });

  const model = { name: 'model.onnx', bytes: 20, sha256: SHA, sources: ['hub:m'] };
  const tokenizer = { name: 'tokenizer.json', bytes: 5, sha256: SHA, sources: ['hub:t'] };
  it.each([
    ['a branch for a revision', { revision: 'main' }, 'revision', '40 lower-case hex digits'],
    ['an unknown field', { poling: 'cls' }, 'the whole', 'poling'],
    ['an unknown pooling', { pooling: 'max' }, 'pooling', 'cls'],
    ['no languages', { languages: [] }, 'languages', ''],
    ['another id than the file', { id: 'other' }, 'id', '"sample"'],
    ['no tokenizer', { files: [model] }, 'files', 'tokenizer.json'],
    [
      'a short hash',
      { files: [{ ...model, sha256: 'abc' }, tokenizer] },
      'files.0.sha256',
      '64 lower-case hex digits',
    ],
    [
      'a path for a name',
      { files: [{ ...model, name: '../model.onnx' }, tokenizer] },
      'files.0.name',
      'plain lower-case file name',
    ],
    ['a name twice', { files: [model, tokenizer, model] }, 'files.2.name', 'twice'],
    ['no source', { files: [{ ...model, sources: [] }, tokenizer] }, 'files.0.sources', 'name sources'],
    [
      'a source and a recipe',
      { files: [{ ...model, made: { by: 'x', from: 'tokenizer.json' } }, tokenizer] },
      'files.0.sources',
      'either',
    ],
    [
      'a bad source',
      { files: [model, { ...tokenizer, sources: ['hub:t', 'ftp:t'] }] },
      'files.1.sources.1',
      'must begin with',
    ],
    [
      'a recipe without its file',
      { files: [tokenizer, { ...model, sources: [], made: { by: 'x', from: 'nothing.bin' } }] },
      'files.1.made.from',
      'nothing.bin',
    ],
  ])('with %s is refused, by file and field', (_, changes, field, message) => {
    const refused = expect.objectContaining({
      code: 'invalid_argument',
      message: expect.stringContaining(`sample.yaml is not usable: ${field}`),
      fields: expect.arrayContaining([
        expect.objectContaining({ field, message: expect.stringContaining(message) }),
      ]),
    });
    expect(() => parseManifest(yamlOf(changes), 'sample.yaml')).toThrow(refused);
  });

  it('which is no YAML is refused by name', () => {
    expect(() => parseManifest('a: [', 'sample.yaml')).toThrow(/sample\.yaml is no YAML/);
  });

  it('ships for a Chinese and an English model that are pulled by default', () => {
    const byDefault = readManifests().filter((manifest) => manifest.byDefault);
    expect(byDefault.flatMap(({ languages }) => languages)).toEqual(expect.arrayContaining(['zh', 'en']));
  });

  it('of a model which is made here has the digest of what is made for a revision', () => {
    const made = readManifests().filter((manifest) => fileOf(manifest, 'model.onnx').made);
    expect(made.map(({ id }) => id)).toEqual(['multilingual-e5-small-q4']);
    for (const manifest of made)
      expect(fileOf(manifest, 'model.onnx').sha256.slice(0, 40)).toBe(manifest.revision);
  });
});
