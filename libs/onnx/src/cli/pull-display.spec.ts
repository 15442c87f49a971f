import { readManifests, type ModelFile, type ModelManifest } from '../models/manifest.js';
import type { PullStep } from '../models/pull.js';
import { PullDisplay } from './pull-display.js';

const manifest = readManifests()[0] as ModelManifest;
const file: ModelFile = { ...(manifest.files[0] as ModelFile), bytes: 10_000_000 };
const source = { kind: 'hub', text: 'hub:m', path: 'm' } as const;

function shown(isTTY: boolean, steps: readonly (PullStep & { readonly afterMs: number })[]): string {
  let text = '';
  let now = 0;
  const display = new PullDisplay({ isTTY, write: (more) => void (text += more) }, () => now);
  for (const { afterMs, ...step } of steps) {
    now += afterMs;
    display.report(step, file, manifest);
  }
  return text;
}

describe('the display of a pull', () => {
  const steps = [
    { step: 'asking', source, afterMs: 1000 },
    { step: 'received', bytes: 1_000_000, afterMs: 0 },
    { step: 'received', bytes: 5_000_000, afterMs: 2000 },
    { step: 'received', bytes: 5_000_001, afterMs: 1 },
    { step: 'verified', afterMs: 500 },
  ] as const;

  it('draws a bar on a terminal, not more often than the eye sees, with the rate of this transfer', () => {
    const lines = shown(true, steps).split('\r\u001b[K');
    expect(lines).toHaveLength(5);
    // 1 MB was there before: 4 MB in two seconds.
    expect(lines[3]).toContain(`${'█'.repeat(15)}${'░'.repeat(15)}  50 %  2.0 MB/s`);
    expect(lines[4]).toContain('verified, 10.0 MB in 2.5 s\n');
  });

  it('writes plain lines elsewhere', () => {
    expect(shown(false, steps).split('\n')).toEqual([
      expect.stringContaining('10.0 MB from hub:m'),
      expect.stringContaining('verified, 10.0 MB in 2.5 s'),
      '',
    ]);
  });
});
