/**
 * The encoders of this installation, and which of them reads a text. Chinese and everything else have one each, or one
 * multilingual encoder reads all, as a bot chooses. Without model files there is none: nlu then answers from n-grams
 * alone, and says so in its answers, its metrics and its log.
 */
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { codeOf, detectLanguage } from '@frontdesk/core';
import { Encoder, ModelStore, MODEL_FILE, readManifests, TOKENIZER_FILE } from '@frontdesk/onnx';
import { Log } from '@frontdesk/runtime';
import { NluConfig } from '../config.js';
import { nluMetrics } from '../metrics.js';
import type { EncoderChoice } from '../settings/bot-settings.js';

/** Intent stands early in a message, and the cost of attention grows with the square of its length. */
const MOST_TOKENS = 256;

type Role = 'zh' | 'en' | 'multilingual';

@Injectable()
export class Encoders implements OnModuleInit, OnModuleDestroy {
  private readonly opened = new Map<string, Promise<Encoder | undefined>>();
  /** "id@revision" of those that are open. */
  private readonly ids = new Set<string>();
  private readonly models: Readonly<Record<Role, string>>;

  constructor(
    private readonly config: NluConfig,
    private readonly log: Log,
  ) {
    this.models = {
      zh: config.NLU_ENCODER_ZH,
      en: config.NLU_ENCODER_EN,
      multilingual: config.NLU_ENCODER_MULTILINGUAL,
    };
  }

  /** Those of the default choice are opened before the first utterance comes; others when a bot wants them. */
  async onModuleInit(): Promise<void> {
    const ids = new Set(this.rolesOf(undefined).map((role) => this.models[role]));
    await Promise.all([...ids].map((id) => this.keep(id, this.load(id))));
  }

  async onModuleDestroy(): Promise<void> {
    const encoders = await Promise.all(this.opened.values());
    await Promise.all(encoders.map((encoder) => encoder?.close()));
  }

  /** The encoder that reads a text of a bot with this choice; undefined: none does, only the n-grams. */
  async reading(text: string, choice: EncoderChoice | undefined): Promise<Encoder | undefined> {
    const roles = this.rolesOf(choice);
    if (roles.length === 0) return undefined;
    const role = roles.length === 1 ? roles[0]! : detectLanguage(text).language === 'zh' ? 'zh' : 'en';
    const id = this.models[role];
    return this.opened.get(id) ?? this.keep(id, this.loadIfUsable(id));
  }

  /** Whether an encoder, "id@revision", is open in this process. */
  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** Which texts each encoder reads, by their indexes; those that none reads are left out. */
  async shared(
    texts: readonly string[],
    choice: EncoderChoice | undefined,
  ): Promise<ReadonlyMap<Encoder, readonly number[]>> {
    const indexes = new Map<Encoder, number[]>();
    for (const [index, text] of texts.entries()) {
      const encoder = await this.reading(text, choice);
      if (!encoder) continue;
      const own = indexes.get(encoder);
      if (own) own.push(index);
      else indexes.set(encoder, [index]);
    }
    return indexes;
  }

  private rolesOf(choice: EncoderChoice | undefined): readonly Role[] {
    const chosen = choice ?? this.config.NLU_ENCODER;
    if (chosen === 'lexical') return [];
    return chosen === 'multilingual' ? ['multilingual'] : ['zh', 'en'];
  }

  private keep(id: string, encoder: Promise<Encoder | undefined>): Promise<Encoder | undefined> {
    this.opened.set(id, encoder);
    return encoder;
  }

  /** Once utterances are answered, one that cannot be used is done without. */
  private async loadIfUsable(id: string): Promise<Encoder | undefined> {
    try {
      return await this.load(id);
    } catch (error) {
      this.log.error('An encoder cannot be used: what it would read is read from n-grams only.', {
        error,
        encoder: id,
      });
      return undefined;
    }
  }

  /** A model that was never pulled is missing; one that is not what its manifest says must not be passed over. */
  private async load(id: string): Promise<Encoder | undefined> {
    const manifest = readManifests().find((manifest) => manifest.id === id);
    if (!manifest) {
      this.log.error('There is no manifest of this encoder.', { encoder: id });
      return undefined;
    }
    const licences = this.config.MODELS_LICENCES;
    const store = new ModelStore({ dir: this.config.MODELS_DIR, ...(licences && { licences }) });
    try {
      const model = await store.read(manifest, MODEL_FILE);
      const tokenizer = await store.read(manifest, TOKENIZER_FILE);
      const encoder = await Encoder.open(
        {
          ...manifest,
          id: `${manifest.id}@${manifest.revision}`,
          maxTokens: Math.min(manifest.maxTokens, MOST_TOKENS),
          model,
          tokenizer,
        },
        {
          threads: this.config.NLU_ENCODER_THREADS,
          maxBatch: this.config.NLU_ENCODER_MAX_BATCH,
          maxWaitMicros: this.config.NLU_ENCODER_MAX_WAIT_US,
          maxQueue: this.config.NLU_ENCODER_MAX_QUEUE,
        },
      );
      this.ids.add(encoder.id);
      nluMetrics.encoderLoaded.set({ encoder: id }, 1);
      this.log.info('An encoder was opened.', { encoder: encoder.id });
      return encoder;
    } catch (error) {
      nluMetrics.encoderLoaded.set({ encoder: id }, 0);
      if (codeOf(error) !== 'not_found') throw error;
      this.log.warn('An encoder is missing: what it would read is read from n-grams only.', {
        error,
        encoder: id,
      });
      return undefined;
    }
  }
}
