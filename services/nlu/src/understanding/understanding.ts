/**
 * One pass over one utterance: language, intent, emotion and entities. Tens of microseconds once the bot's model is
 * in memory. A bot nobody has taught still tells language, emotion and entities; its intent is out_of_scope.
 */
import { Injectable } from '@nestjs/common';
import { AppError, detectLanguage } from '@frontdesk/core';
import { dayIn } from '../calendar.js';
import { featuresOf } from '../lexical/features.js';
import type { IntentReading } from '../intent/intent-model.js';
import { OUT_OF_SCOPE } from '../intent/out-of-scope.js';
import { NluConfig } from '../config.js';
import { readEmotion, type EmotionReading } from '../emotion/emotion-model.js';
import type { CalendarDay, Entity } from '../entities/entity.js';
import type { CompiledEntities } from '../entities/custom.js';
import { extractEntities } from '../entities/extract-entities.js';
import { nluMetrics } from '../metrics.js';
import { BotModels, type BotModel } from '../models/bot-models.js';
import { SettingsByBot } from '../settings/settings-by-bot.js';

export interface Reading extends IntentReading, EmotionReading {
  /** BCP 47 primary subtag; `und` when no language can be told. */
  readonly language: string;
  readonly entities: readonly Entity[];
  /** Name of the model that decided. */
  readonly model: string;
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

@Injectable()
export class Understanding {
  constructor(
    private readonly models: BotModels,
    private readonly settings: SettingsByBot,
    private readonly config: NluConfig,
  ) {}

  /** `locale` is what the channel expects, empty when it does not know. Throws `invalid_argument`. */
  async analyze(text: string, locale: string, bot: string): Promise<Reading> {
    checkText(text);
    const [model, { custom }] = await Promise.all([this.models.of(bot), this.settings.of(bot)]);
    const stop = nluMetrics.analyzeSeconds.startTimer();
    const today = dayIn(this.config.NLU_TIME_ZONE, Date.now());
    const reading = understand(text, locale, model, { today, custom });
    stop();
    const inScope = reading.intent.name === OUT_OF_SCOPE ? 'no' : 'yes';
    nluMetrics.analyses.inc({ language: reading.language, in_scope: inScope, tier: reading.tier });
    return reading;
  }
}

/** Throws `invalid_argument` unless the text is 1 to 8,000 characters with something in it. */
export function checkText(text: string): void {
  if (text.trim() !== '' && text.length <= LONGEST_TEXT) return;
  throw new AppError('invalid_argument', `The text must have 1 to ${LONGEST_TEXT} characters.`, {
    fields: [{ field: 'text', message: `must have 1 to ${LONGEST_TEXT} characters` }],
  });
}

export function understand(
  text: string,
  locale: string,
  model: BotModel,
  { today, custom }: { readonly today: CalendarDay; readonly custom: CompiledEntities },
): Reading {
  return {
    language: languageOf(text, locale),
    ...(model.intents?.read(featuresOf(text)) ?? UNTAUGHT),
    ...readEmotion(model.emotions, text),
    entities: extractEntities(text, { today, custom }),
    model: model.name,
  };
}

function languageOf(text: string, locale: string): string {
  const { language, confidence } = detectLanguage(text);
  const expected = locale.split(/[-_]/)[0]!.toLowerCase();
  return expected !== '' && confidence <= DOUBTFUL ? expected : language;
}
