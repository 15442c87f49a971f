import { readManifests } from '../src/models/manifest.js';
import { frontdesk } from '../src/cli/frontdesk.js';
import { scratch, type Scratch } from './sample-model.js';

describe('frontdesk models', () => {
  let folder: Scratch;
  let output: string;
  let errors: string;
  const run = (args: readonly string[], environment: Record<string, string> = {}): Promise<number> => {
    output = errors = '';
    return frontdesk(args, {
      environment: { MODELS_DIR: folder.dir, HUB_URL: 'http://127.0.0.1:9', ...environment },
      output: { write: (text) => void (output += text) },
      errors: { write: (text) => void (errors += text) },
    });
  };

  beforeEach(async () => void (folder = await scratch()));
  afterEach(() => folder[Symbol.asyncDispose]());

  it('explains itself when asked, and also when it was not understood', async () => {
    for (const args of [['--help'], ['models', '--help'], ['models', 'pull', '-h']]) {
      expect(await run(args)).toBe(0);
      expect(output).toMatch(/^Usage: /);
    }
    for (const args of [
      [],
      ['nothing'],
      ['models'],
      ['models', 'toString'],
      ['models', 'pull', '--colour'],
    ]) {
      expect(await run(args)).toBe(2);
      expect(errors).toContain('Usage: ');
      expect(output).toBe('');
    }
  });

  it('lists every model with its licence', async () => {
    expect(await run(['models', 'list'])).toBe(0);
    for (const { id, licence } of readManifests()) {
      expect(output).toMatch(new RegExp(`^${id} .*${licence}`, 'm'));
    }
  });

  it('fails for what is missing, unknown, refused or out of reach', async () => {
    expect(await run(['models', 'verify'])).toBe(1);
    expect(errors).toContain('models pull');
    expect(await run(['models', 'verify', 'bge-small-zh-v1.5'])).toBe(1);
    expect(output).toContain('bge-small-zh-v1.5/model.onnx: missing');
    expect(await run(['models', 'pull', 'no-such-model'])).toBe(1);
    expect(errors).toContain('bge-small-zh-v1.5');
    expect(await run(['models', 'pull', 'bge-small-zh-v1.5'], { MODELS_LICENCES: 'ISC, CC0-1.0' })).toBe(1);
    expect(errors).toContain('MODELS_LICENCES=ISC,CC0-1.0,MIT');
    expect(await run(['models', 'pull', 'multilingual-e5-small'])).toBe(1);
    expect(errors).toContain('hub:onnx/model_quantized.onnx');
  });

  it('wants to be told which tarball', async () => {
    expect(await run(['models', 'import'])).toBe(2);
    expect(await run(['models', 'export'])).toBe(2);
  });
});
