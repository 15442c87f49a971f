/**
 * What each bot should understand, as editors write it and as corrections extend it. Whatever changes here is queued
 * for training in the same transaction: a stored taxonomy is never forgotten by the model.
 */
import { Injectable } from '@nestjs/common';
import { AppError, detectLanguage, maskPii, newId, type FieldViolation } from '@frontdesk/core';
import { Database } from '@frontdesk/store';
import { emotions, isEmotion } from '../emotion/emotion-examples.js';
import { nluMetrics } from '../metrics.js';
import { Training } from '../training/training.js';
import { checkTaxonomy, inTreeOrder, isIntentName, warningsOf, type Intent } from './taxonomy.js';
import * as store from './taxonomy.store.js';

export interface StoredTaxonomy {
  readonly intents: number;
  readonly examples: number;
  readonly warnings: readonly string[];
  readonly jobId: string;
}

export interface Correction {
  readonly bot: string;
  readonly text: string;
  /** Empty when only the emotion is corrected. */
  readonly intent: string;
  /** Empty when only the intent is corrected. */
  readonly emotion: string;
  readonly messageId: string;
}

@Injectable()
export class Taxonomies {
  constructor(
    private readonly database: Database,
    private readonly training: Training,
  ) {}

  /** All intents of the bot, parents before children; none for a bot nobody has taught. */
  read(bot: string): Promise<Intent[]> {
    return this.database.transaction(async (tx) => inTreeOrder(await store.selectIntents(tx, bot)));
  }

  /** `replace` makes the taxonomy exactly the given one, `merge` adds to it. Throws `invalid_argument`. */
  put(bot: string, intents: readonly Intent[], mode: 'replace' | 'merge'): Promise<StoredTaxonomy> {
    return this.database.transaction(async (tx) => {
      const kept = mode === 'merge' ? await store.selectParents(tx, bot) : new Map<string, string>();
      checkTaxonomy(intents, kept);
      if (mode === 'replace') await store.deleteIntents(tx, bot);
      await store.upsertIntents(tx, bot, intents);
      const warnings = warningsOf(mode === 'merge' ? await store.selectIntents(tx, bot) : intents);
      const jobId = await this.training.enqueue(tx, bot);
      return { ...(await store.countTaxonomy(tx, bot)), warnings, jobId };
    });
  }

  /**
   * Stores a person's correction as an example, without the personal data in what the customer wrote; returns the
   * training that will learn it.
   */
  correct(correction: Correction): Promise<string> {
    const { bot, intent, emotion } = correction;
    const text = maskPii(correction.text.trim());
    checkCorrection(correction);
    return this.database.transaction(async (tx) => {
      await store.insertFeedback(tx, { ...correction, text, id: newId() });
      const { language } = detectLanguage(text);
      if (intent) await store.moveExamples(tx, bot, [{ intent, language, text }]);
      if (isEmotion(emotion)) await store.upsertEmotions(tx, bot, [{ text, emotion }]);
      tx.afterCommit(() => nluMetrics.corrections.inc({ kind: intent ? 'intent' : 'emotion' }));
      return this.training.enqueueSoon(tx, bot);
    });
  }
}

function checkCorrection({ text, intent, emotion }: Correction): void {
  const fields: FieldViolation[] = [];
  if (text.includes('\0')) fields.push({ field: 'text', message: 'must hold printable characters' });
  if (!intent && !emotion) fields.push({ field: 'intent', message: 'is missing, and so is the emotion' });
  if (intent && !isIntentName(intent))
    fields.push({ field: 'intent', message: 'must be 1 to 100 characters without control characters' });
  if (emotion && !isEmotion(emotion))
    fields.push({ field: 'emotion', message: `must be one of ${emotions.join(', ')}` });
  if (fields.length === 0) return;
  throw new AppError('invalid_argument', 'This correction cannot be stored: correct the named fields.', {
    fields,
  });
}
