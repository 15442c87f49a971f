/**
 * What a text costs: CPU time of the whole process per text, the least of interleaved rounds.
 *
 *     make models MODELS=all && tsc -b libs/onnx && node libs/onnx/src/encoder/encoder.bench.ts [rounds]
 *
 * Rows of one table are compared with its first: 8 bits with 32; the encoder with a session that is given tokens and
 * run in a bare thread; batches with one text at a time, 32 callers each waiting for their answer. Models that were
 * not pulled are left out, aloud.
 */
import { existsSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Encoder, MODEL_FILE, ModelStore, readManifests, TOKENIZER_FILE } from '@frontdesk/onnx';
import { Tokenizer } from '@huggingface/tokenizers';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const TEXTS = 96;
const IN_FLIGHT = 32;
const rounds = Number(process.argv[2] ?? 9);

const EN = [
  'where is my order',
  'I want to return the shoes I bought last week',
  'can I change the delivery address before it ships',
  'the coupon does not work at checkout',
  'let me talk to a person please',
  'how long does the refund take to arrive',
  'is the black one in stock',
  'my parcel says delivered but nothing has come',
];
const ZH = [
  '我的订单到哪了，怎么还没发货',
  '鞋子尺码不合适，我想换一双大的',
  '能不能改一下收货地址',
  '优惠券结账的时候用不了',
  '我要找人工客服',
  '退款三天了还没有到账，麻烦查一下',
  '这个键盘黑色的还有货吗',
  '显示已签收，可是我没有收到包裹啊',
];

interface Contestant {
  readonly name: string;
  /** Encodes `TEXTS` texts; milliseconds each took, where that is told. */
  run(): Promise<readonly number[]>;
  close(): Promise<unknown>;
}

const store = new ModelStore({ dir: process.env['MODELS_DIR'] ?? '.models' });

function modelFiles(id: string) {
  const manifest = readManifests().find((manifest) => manifest.id === id)!;
  if (existsSync(store.pathOf(manifest, MODEL_FILE))) return manifest;
  console.log(`skipped: no model ${id}; run "make models MODELS=${id}"`);
  return undefined;
}

async function encoderOf(
  name: string,
  id: string,
  texts: readonly string[],
  { maxBatch = 32, inFlight = 1 } = {},
): Promise<Contestant | undefined> {
  const manifest = modelFiles(id);
  if (!manifest) return undefined;
  const [model, tokenizer] = await Promise.all(
    [MODEL_FILE, TOKENIZER_FILE].map((file) => store.read(manifest, file)),
  );
  const files = { ...manifest, model: model!, tokenizer: tokenizer! };
  const encoder = await Encoder.open(files, { threads: 1, maxBatch, maxWaitMicros: 0, maxQueue: 1_000 });
  return {
    name,
    close: () => encoder.close(),
    async run() {
      const took: number[] = [];
      const waiting = Array.from({ length: TEXTS }, (_, i) => texts[i % texts.length]!).values();
      const caller = async () => {
        for (const text of waiting) {
          const start = performance.now();
          await encoder.encode(text, { purpose: 'query' });
          took.push(performance.now() - start);
        }
      };
      await Promise.all(Array.from({ length: inFlight }, caller));
      return took;
    },
  };
}

/** A session without anything of ours around it. */
async function bareSession(
  name: string,
  id: string,
  texts: readonly string[],
): Promise<Contestant | undefined> {
  const manifest = modelFiles(id);
  if (!manifest) return undefined;
  const file = new TextDecoder().decode(await store.read(manifest, TOKENIZER_FILE));
  const tokenizer = new Tokenizer(JSON.parse(file) as object, {});
  const rows = Array.from({ length: TEXTS }, (_, i) => tokenizer.encode(texts[i % texts.length]!).ids);
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { model: await store.read(manifest, MODEL_FILE), rows },
  });
  return {
    name,
    close: () => worker.terminate(),
    run: () =>
      new Promise((resolve) => {
        worker.once('message', () => resolve([]));
        worker.postMessage('run');
      }),
  };
}

async function serveBareSession(): Promise<void> {
  const { model, rows } = workerData as { readonly model: Uint8Array; readonly rows: readonly number[][] };
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const feeds = rows.map((row) => {
    const tensor = (fill: (i: number) => bigint) =>
      new Tensor(
        'int64',
        BigInt64Array.from(row, (_, i) => fill(i)),
        [1, row.length],
      );
    return {
      input_ids: tensor((i) => BigInt(row[i]!)),
      attention_mask: tensor(() => 1n),
      token_type_ids: tensor(() => 0n),
    };
  });
  parentPort!.on('message', async () => {
    for (const feed of feeds) await session.run(feed);
    parentPort!.postMessage('done');
  });
}

async function compare(title: string, ...opening: readonly Promise<Contestant | undefined>[]): Promise<void> {
  const contestants = (await Promise.all(opening)).filter((contestant) => contestant !== undefined);
  const least = new Map<string, { cpu: number; p99: number }>();
  for (let round = 0; round <= rounds; round++) {
    for (const { name, run } of contestants) {
      const before = process.cpuUsage();
      const took = (await run()).toSorted((a, b) => a - b);
      const { user, system } = process.cpuUsage(before);
      // The first round warms up.
      if (round === 0) continue;
      const best = least.get(name) ?? { cpu: Infinity, p99: Infinity };
      least.set(name, {
        cpu: Math.min(best.cpu, (user + system) / 1_000 / TEXTS),
        p99: Math.min(best.p99, took.at(Math.floor(took.length * 0.99)) ?? Infinity),
      });
    }
  }
  await Promise.all(contestants.map((contestant) => contestant.close()));
  console.log(`\n${title}`);
  const [first] = least.values();
  for (const [name, { cpu, p99 }] of least) {
    const times = `${(cpu / first!.cpu).toFixed(2)} ×`.padStart(8);
    const latency = p99 === Infinity ? '' : `   p99 ${p99.toFixed(1)} ms`;
    console.log(`  ${name.padEnd(36)} ${cpu.toFixed(3).padStart(8)} ms CPU ${times}${latency}`);
  }
}

async function tokenizers(): Promise<void> {
  console.log('\nsplitting a text into tokens');
  for (const [id, texts] of [
    ['bge-small-en-v1.5', EN],
    ['bge-small-zh-v1.5', ZH],
    ['multilingual-e5-small-q4', ZH],
  ] as const) {
    const manifest = modelFiles(id);
    if (!manifest) continue;
    const file = new TextDecoder().decode(await store.read(manifest, TOKENIZER_FILE));
    const tokenizer = new Tokenizer(JSON.parse(file) as object, {});
    let least = Infinity;
    for (let round = 0; round < 5 * rounds; round++) {
      const before = process.cpuUsage();
      for (let i = 0; i < 10; i++) for (const text of texts) tokenizer.encode(text);
      const { user, system } = process.cpuUsage(before);
      least = Math.min(least, (user + system) / 10 / texts.length);
    }
    console.log(`  ${id.padEnd(36)} ${least.toFixed(0).padStart(8)} µs CPU`);
  }
}

if (!isMainThread) await serveBareSession();
else {
  await compare(
    '8 bits and 32, one English text at a time',
    encoderOf('all-minilm-l6-v2-fp32', 'all-minilm-l6-v2-fp32', EN),
    encoderOf('all-minilm-l6-v2, 8 bits', 'all-minilm-l6-v2', EN),
  );
  for (const [id, texts] of [
    ['bge-small-zh-v1.5', ZH],
    ['bge-small-en-v1.5', EN],
  ] as const) {
    await compare(
      `${id}, one text at a time`,
      bareSession('a session in a bare thread', id, texts),
      encoderOf('the encoder', id, texts),
    );
    await compare(
      `${id}, ${IN_FLIGHT} in flight`,
      ...[1, 4, 8, 16, 32].map((maxBatch) =>
        encoderOf(maxBatch === 1 ? 'one by one' : `batches of up to ${maxBatch}`, id, texts, {
          maxBatch,
          inFlight: IN_FLIGHT,
        }),
      ),
    );
  }
  await tokenizers();
}
