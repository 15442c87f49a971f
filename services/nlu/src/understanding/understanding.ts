/**
 * One pass over one utterance: language, intent, emotion and entities. With an encoder one run of it gives what the
 * neural heads need and the embedding for knowledge; an encoder that is missing, late or broken is done without, and
 * the n-grams answer alone. A bot nobody has taught still tells language, emotion and entities.
 */
import { Injectable } from '@nestjs/common';
import { AppError, codeOf, detectLanguage, remainingMs, within } from '@frontdesk/core';
import { dayIn } from '../calendar.js';
import { NluConfig } from '../config.js';
import type { EmotionReading, Encoded } from '../emotion/emotion-model.js';
import { Emotions } from '../emotion/emotions.js';
import type { Entity } from '../entities/entity.js';
import { extractEntities } from '../entities/extract-entities.js';
import type { Embedding, IntentModel, IntentReading } from '../intent/intent-model.js';
import { OUT_OF_SCOPE } from '../intent/out-of-scope.js';
import { featuresOf } from '../lexical/features.js';
import { nluMetrics } from '../metrics.js';
import { BotModels, type BotModel } from '../models/bot-models.js';
import { Encoders } from '../neural/encoders.js';
import type { BotSettings } from '../settings/bot-settings.js';
import { SettingsByBot } from '../settings/settings-by-bot.js';
import { Training } from '../training/training.js';
import { clausesOf, requestsOf, type Request } from './requests.js';

export interface Reading extends IntentReading, EmotionReading {
  /** BCP 47 primary subtag; `und` when no language can be told. */
  readonly language: string;
  readonly entities: readonly Entity[];
  /** Name of the model that decided. */
  readonly model: string;
  /** Undefined when no encoder read the text. */
  readonly embedding: Embedding | undefined;
  /** What each clause asks for, when that is more than one thing. */
  readonly requests: readonly Request[];
}

const LONGEST_TEXT = 8_000;
/** Up to this confidence of the detection the expected language is believed instead: "ok" is everybody's word. */
const DOUBTFUL = 0.6;
/** Confidence 0: who was taught nothing cannot tell that a question is out of scope. */
const UNTAUGHT: IntentReading = {
  intent: { name: OUT_OF_SCOPE, confidence: 0 },
  alternatives: [],
  path: [],
  tier: 'lexical',
};
/** Share of the caller's time the encoder may take: the answer must still get back. */
const ENCODER_SHARE = 0.7;
/** The caller's time where the caller named none. */
const ENCODER_MS = 2_000;

@Injectable()
export class Understanding {
  constructor(
    private readonly models: BotModels,
    private readonly settings: SettingsByBot,
    private readonly encoders: Encoders,
    private readonly emotions: Emotions,
    private readonly training: Training,
    private readonly config: NluConfig,
  ) {}

  /** `locale` is what the channel expects, empty when it does not know. Throws `invalid_argument`. */
  async analyze(text: string, locale: string, bot: string): Promise<Reading> {
    checkText(text);
    const [model, settings] = await Promise.all([this.models.of(bot), this.settings.of(bot)]);
    const stop = nluMetrics.analyzeSeconds.startTimer();
    const embedding = await this.embed(text, model, settings, { features: true });
    const reading: Reading = {
      language: languageOf(text, locale),
      ...readIntent(model, text, embedding),
      ...(model.emotions ?? this.emotions.builtIn(settings.encoder)).read(text, embedding),
      entities: extractEntities(text, {
        today: dayIn(this.config.NLU_TIME_ZONE, Date.now()),
        custom: settings.custom,
      }),
      model: model.name,
      embedding,
      requests: await this.requests(text, model, settings),
    };
    stop();
    if (embedding && model.intents && !this.isReadable(model.intents)) this.training.upgrade(bot);
    this.compare(bot, model, reading, text);
    const inScope = reading.intent.name === OUT_OF_SCOPE ? 'no' : 'yes';
    nluMetrics.analyses.inc({ language: reading.language, in_scope: inScope, tier: reading.tier });
    return reading;
  }

  /** Undefined when no encoder reads the text, or the n-grams are sure enough without one. Emotions need the features. */
  private async embed(
    text: string,
    model: BotModel,
    { encoder: choice }: BotSettings,
    { features: wanted }: { readonly features: boolean },
  ): Promise<Encoded | undefined> {
    try {
      const patienceMs = remainingMs(ENCODER_MS) * ENCODER_SHARE;
      const deadlineMs = Date.now() + patienceMs;
      // One that is opened only now takes seconds: the first customers do not wait for it.
      const opening = this.encoders.reading(text, choice);
      const encoder = await within(opening, patienceMs, 'The encoder is not open yet.');
      if (!encoder) return undefined;
      if (this.config.NLU_CASCADE && model.intents?.settles(featuresOf(text), encoder.id)) return undefined;
      const { vector, features } = await encoder.encode(text, {
        purpose: 'query',
        deadlineMs,
        features: wanted,
      });
      return { encoder: encoder.id, vector, features };
    } catch (error) {
      nluMetrics.encoderFallbacks.inc({ code: codeOf(error) });
      return undefined;
    }
  }

  /** Clauses are encoded only where the n-grams already see two intents: most messages ask for one thing. */
  private async requests(text: string, model: BotModel, settings: BotSettings): Promise<Request[]> {
    const clauses = model.intents ? clausesOf(text) : [];
    const atFirstSight = clauses.map((clause) => readIntent(model, clause.text, undefined).intent.name);
    if (new Set(atFirstSight.filter((name) => name !== OUT_OF_SCOPE)).size < 2) return [];
    const embeddings = await Promise.all(
      clauses.map((clause) => this.embed(clause.text, model, settings, { features: false })),
    );
    return requestsOf(
      clauses,
      clauses.map((clause, i) => readIntent(model, clause.text, embeddings[i]).intent),
    );
  }

  /** Whether an encoder that is open here can read with one of the heads: they may be of another, or of an earlier one. */
  private isReadable({ heads }: IntentModel): boolean {
    return [...heads.keys()].some((id) => this.encoders.has(id));
  }

  /** A young version is watched beside the one before it. */
  private compare(bot: string, model: BotModel, { intent, embedding }: Reading, text: string): void {
    const { trial } = model;
    if (!trial) return;
    const before = trial.before.read(featuresOf(text), embedding).intent.name;
    const verdict = trial.watch.observe(intent.name, before);
    if (verdict === 'undecided') return;
    model.trial = undefined;
    if (verdict === 'disagrees') this.models.takeBack(bot, model.name, trial.watch.words);
  }
}

/** Throws `invalid_argument` unless the text is 1 to 8,000 characters with something in it. */
export function checkText(text: string): void {
  if (text.trim() !== '' && text.length <= LONGEST_TEXT) return;
  throw new AppError('invalid_argument', `The text must have 1 to ${LONGEST_TEXT} characters.`, {
    fields: [{ field: 'text', message: `must have 1 to ${LONGEST_TEXT} characters` }],
  });
}

function readIntent(model: BotModel, text: string, embedding: Embedding | undefined): IntentReading {
  return model.intents?.read(featuresOf(text), embedding) ?? UNTAUGHT;
}

function languageOf(text: string, locale: string): string {
  const { language, confidence } = detectLanguage(text);
  const expected = locale.split(/[-_]/)[0]!.toLowerCase();
  return expected !== '' && confidence <= DOUBTFUL ? expected : language;
}
