import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Hub } from '../src/models/hub.js';
import { startHub, type HubServer } from './hub-server.js';
import { MODEL, scratch, serve, type Scratch } from './sample-model.js';

const FILE = {
  repository: 'owner/name',
  revision: '0123456789'.repeat(4),
  path: 'onnx/model.onnx',
  bytes: MODEL.length,
};

describe('a download from the hub', () => {
  let server: HubServer;
  let folder: Scratch;
  let part: string;
  let received: number[];
  const download = (options = {}): Promise<void> =>
    new Hub({ url: server.url, attempts: 3, pauseMs: 1, ...options }).download(FILE, part, (bytes) =>
      received.push(bytes),
    );
  const ranges = (): (string | undefined)[] => server.requests.map(({ range }) => range);

  beforeEach(async () => {
    server = await startHub();
    folder = await scratch();
    part = join(folder.dir, 'model.onnx.part');
    received = [];
    serve(server, 'onnx/model.onnx', MODEL);
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  it('brings the file, and tells how far it is', async () => {
    await download();
    expect(MODEL.equals(await readFile(part))).toBe(true);
    expect(received.at(-1)).toBe(MODEL.length);
    expect(ranges()).toEqual([undefined]);
  });

  it('goes on where the connection broke, as long as each try brings something', async () => {
    server.faults.push(...[70_000, 60_000, 50_000, 40_000].map((breakAfter) => ({ breakAfter })));
    await download();
    expect(MODEL.equals(await readFile(part))).toBe(true);
    const offsets = ranges().map((range) => Number(/\d+/.exec(range ?? '0')?.[0]));
    expect(offsets).toHaveLength(5);
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
    expect(offsets.at(-1)).toBeGreaterThan(150_000);
  });

  it('goes on with what an earlier process has left', async () => {
    await writeFile(part, MODEL.subarray(0, 200_000));
    await download();
    expect(MODEL.equals(await readFile(part))).toBe(true);
    expect(ranges()).toEqual(['bytes=200000-']);
  });

  it.each(['ignores range', 'answers another range'] as const)(
    'begins again where the server %s',
    async (fault) => {
      await writeFile(part, MODEL.subarray(0, 200_000));
      server.faults.push(fault);
      await download();
      expect(MODEL.equals(await readFile(part))).toBe(true);
    },
  );

  it('begins again when what was left is longer than the file', async () => {
    await writeFile(part, Buffer.alloc(MODEL.length + 1));
    await download();
    expect(MODEL.equals(await readFile(part))).toBe(true);
  });

  it('follows redirects to another host, also in the middle', async () => {
    await using store = await startHub();
    serve(store, 'onnx/model.onnx', MODEL);
    server.always = { redirectTo: store.url };
    store.faults.push({ breakAfter: 100_000 });
    await download();
    expect(MODEL.equals(await readFile(part))).toBe(true);
    expect(store.requests).toHaveLength(2);
    expect(store.requests[1]?.range).toMatch(/^bytes=\d+-$/);
  });

  it('tries again what may pass, and no more often than told', async () => {
    server.faults.push({ status: 503 }, { status: 429 });
    await download();
    expect(server.requests).toHaveLength(3);

    server.always = { status: 500 };
    const other = join(folder.dir, 'other.part');
    const hub = new Hub({ url: server.url, attempts: 3, pauseMs: 1 });
    await expect(hub.download(FILE, other, () => {})).rejects.toMatchObject({ code: 'unavailable' });
    expect(server.requests).toHaveLength(6);
  });

  it.each([
    [404, 'not_found'],
    [401, 'permission_denied'],
    [400, 'failed_precondition'],
  ])('asks once where the answer is %i', async (status, code) => {
    server.always = { status };
    await expect(download()).rejects.toMatchObject({ code, message: expect.stringContaining(`${status}`) });
    expect(server.requests).toHaveLength(1);
  });

  it('gives a silent server up', async () => {
    server.always = 'silent';
    await expect(download({ silenceMs: 50, attempts: 2 })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('nothing came'),
    });
    expect(server.requests).toHaveLength(2);
  });

  it('writes no byte more than announced, and keeps nothing of such a file', async () => {
    serve(server, 'onnx/model.onnx', Buffer.concat([MODEL, MODEL]));
    await expect(download()).rejects.toMatchObject({ code: 'data_loss' });
    await expect(readFile(part)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(Math.max(...received)).toBeLessThanOrEqual(MODEL.length);
  });

  it('asks a hub that does not answer no second time for the next file', async () => {
    server.always = 'silent';
    const hub = new Hub({ url: server.url, silenceMs: 50, attempts: 2, pauseMs: 1 });
    const refused = {
      code: 'unavailable',
      message: expect.stringContaining(`${server.url} does not answer`),
    };
    await expect(hub.download(FILE, part, () => {})).rejects.toMatchObject(refused);
    await expect(hub.download(FILE, part, () => {})).rejects.toMatchObject(refused);
    expect(server.requests).toHaveLength(2);
  });

  it('wants a URL for a hub', () => {
    expect(() => new Hub({ url: 'mirror.example' })).toThrow(/must be a URL/);
  });
});
