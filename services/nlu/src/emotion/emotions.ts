/**
 * The emotion models of all bots. The built-in one answers from n-grams at once; its heads are trained in the
 * background, those of the usual encoders from the start of the process on, those of another when a bot first chooses
 * it. A bot whose emotions somebody corrected has a model of its own, stored with its version.
 */
import {
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { Log } from '@frontdesk/runtime';
import { decodeClassifier, encodeClassifier } from '../lexical/classifier-bytes.js';
import { runInSlices } from '../lexical/slices.js';
import { Encoders } from '../neural/encoders.js';
import type { EncoderChoice } from '../settings/bot-settings.js';
import { decodeHeads, encodeHeads } from './emotion-bytes.js';
import type { LabelledEmotion } from './emotion-examples.js';
import type { LexicalEmotions } from './emotion-head-training.js';
import { EmotionModel, type EmotionHeads } from './emotion-model.js';
import { tasksOf, trainBuiltInWords, trainHeads, trainWords, type PerTask } from './emotion-training.js';

/** Encoded classifiers, and encoded heads by encoder. */
export interface StoredEmotions {
  readonly emotions: Uint8Array;
  /** Null for a version that was trained before sentiments were learned: the built-in ones serve. */
  readonly sentiments: Uint8Array | null;
  readonly heads: ReadonlyMap<string, Uint8Array>;
}

/** Features by text, by encoder. */
type FeaturesByEncoder = ReadonlyMap<string, ReadonlyMap<string, Float32Array>>;

@Injectable()
export class Emotions implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private words!: PerTask<LexicalEmotions>;
  private model!: EmotionModel;
  private readonly heads = new Map<string, EmotionHeads>();
  /** Of the built-in examples. */
  private readonly features = new Map<string, ReadonlyMap<string, Float32Array>>();
  private readonly prepared = new Map<EncoderChoice | undefined, Promise<void>>();
  private stopping = false;

  constructor(
    private readonly encoders: Encoders,
    private readonly log: Log,
  ) {}

  async onModuleInit(): Promise<void> {
    this.words = await runInSlices(trainBuiltInWords());
    const { emotion, sentiment } = this.words;
    this.model = new EmotionModel(emotion.classifier, sentiment.classifier, this.heads);
  }

  onApplicationBootstrap(): void {
    void this.prepare(undefined);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.prepared.values());
  }

  /** For bots whose emotions nobody corrected. Its heads come when they are trained. */
  builtIn(choice: EncoderChoice | undefined): EmotionModel {
    void this.prepare(choice);
    return this.model;
  }

  /** Resolves when the heads of this choice are trained; never rejects. */
  prepare(choice: EncoderChoice | undefined): Promise<void> {
    let preparing = this.prepared.get(choice);
    if (!preparing) {
      preparing = this.trainBuiltIn(choice).catch((error: unknown) => {
        if (!this.stopping) this.log.error('Emotions are read from n-grams only.', { error, choice });
      });
      this.prepared.set(choice, preparing);
    }
    return preparing;
  }

  /** The model of a bot with these corrections, at least one, which reads with the encoders of `choice`. */
  async train(
    corrections: readonly LabelledEmotion[],
    choice: EncoderChoice | undefined,
  ): Promise<StoredEmotions> {
    const tasks = tasksOf(corrections);
    const words = await runInSlices(trainWords(tasks, this.words));
    await this.prepare(choice);
    const corrected = await this.encode(
      corrections.map(({ text }) => text),
      choice,
    );
    const heads = new Map<string, Uint8Array>();
    for (const [encoder, builtIn] of this.heads) {
      const own = corrected.get(encoder);
      // Without a correction that it reads an encoder's heads stay as they are.
      const features = own && new Map([...this.features.get(encoder)!, ...own]);
      const trained = features ? await trainHeads(tasks, words, features, builtIn) : builtIn;
      if (trained) heads.set(encoder, encodeHeads(trained));
    }
    return {
      emotions: encodeClassifier(words.emotion.classifier),
      sentiments: encodeClassifier(words.sentiment.classifier),
      heads,
    };
  }

  open({ emotions, sentiments, heads }: StoredEmotions): EmotionModel {
    return new EmotionModel(
      decodeClassifier(emotions),
      sentiments ? decodeClassifier(sentiments) : this.model.sentiment,
      new Map([...heads].map(([encoder, bytes]) => [encoder, decodeHeads(bytes)])),
    );
  }

  private async trainBuiltIn(choice: EncoderChoice | undefined): Promise<void> {
    const tasks = tasksOf([]);
    const texts = new Set([...tasks.emotion.examples, ...tasks.sentiment.examples].map(({ text }) => text));
    for (const [encoder, features] of await this.encode([...texts], choice)) {
      if (this.heads.has(encoder) || this.stopping) continue;
      const heads = await trainHeads(tasks, this.words, features);
      if (!heads) continue;
      this.features.set(encoder, features);
      this.heads.set(encoder, heads);
      this.log.info('Emotions are read with an encoder.', { encoder });
    }
  }

  /** Each text by the encoder that reads it. */
  private async encode(
    texts: readonly string[],
    choice: EncoderChoice | undefined,
  ): Promise<FeaturesByEncoder> {
    const found = new Map<string, ReadonlyMap<string, Float32Array>>();
    for (const [encoder, own] of await this.encoders.shared(texts, choice)) {
      const read = own.map((index) => texts[index]!);
      const encodings = await encoder.encodeAll(read, { purpose: 'query', features: true });
      if (encodings[0]!.features.length === 0) continue;
      found.set(encoder.id, new Map(read.map((text, i) => [text, encodings[i]!.features])));
    }
    return found;
  }
}
