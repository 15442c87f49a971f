/**
 * What people say that texts mean, out of a bot and into it: the way to label elsewhere. An export holds every example
 * and every corrected emotion once; an import is believed over what is stored. What cannot be stored of an import is
 * told as a warning and spoils nothing else of it.
 */
import { Injectable } from '@nestjs/common';
import { detectLanguage } from '@frontdesk/core';
import { Database } from '@frontdesk/store';
import { emotions, isEmotion } from '../emotion/emotion-examples.js';
import { isIntentName, isLanguageTag, LONGEST_EXAMPLE } from '../taxonomy/taxonomy.js';
import * as store from '../taxonomy/taxonomy.store.js';
import { Training } from '../training/training.js';

export interface LabelledExample {
  readonly text: string;
  /** BCP 47 primary tag; empty on import: detected. */
  readonly language: string;
  /** `out_of_scope` for what the bot is not for; empty when only the emotion is labelled. */
  readonly intent: string;
  /** Empty when only the intent is labelled. */
  readonly emotion: string;
}

export interface Imported {
  /** Texts stored, with an intent, an emotion or both. */
  readonly imported: number;
  readonly warnings: readonly string[];
  /** Undefined when there was nothing to learn. */
  readonly jobId: string | undefined;
}

const MOST_WARNINGS = 100;
/** Characters of a text by which a warning names it. */
const QUOTED = 60;

@Injectable()
export class Labels {
  constructor(
    private readonly database: Database,
    private readonly training: Training,
  ) {}

  /** Every labelled text of the bot, by intent; those with nothing but an emotion last. */
  export(bot: string): Promise<LabelledExample[]> {
    return this.database.transaction(async (tx) => {
      const examples = await store.selectExamples(tx, bot);
      const felt = new Map((await store.selectEmotions(tx, bot)).map(({ text, emotion }) => [text, emotion]));
      const labelled = examples.map((row) => ({ ...row, emotion: felt.get(row.text) ?? '' }));
      for (const { text } of examples) felt.delete(text);
      const onlyFelt = [...felt].map(([text, emotion]) => ({
        text,
        language: detectLanguage(text).language,
        intent: '',
        emotion,
      }));
      return [...labelled, ...onlyFelt];
    });
  }

  /**
   * Stores what can be stored; a text that stands under another intent moves, and of two labels for one text the later
   * stands. Unknown intents are made. One training learns all of it, and waits a moment for the next part.
   */
  async import(bot: string, examples: readonly LabelledExample[]): Promise<Imported> {
    const { labelled, warnings } = reviewed(examples);
    if (labelled.length === 0) return { imported: 0, warnings, jobId: undefined };
    const jobId = await this.database.transaction(async (tx) => {
      await store.moveExamples(
        tx,
        bot,
        labelled.filter(({ intent }) => intent !== ''),
      );
      await store.upsertEmotions(
        tx,
        bot,
        labelled.flatMap(({ text, emotion }) => (isEmotion(emotion) ? [{ text, emotion }] : [])),
      );
      return this.training.enqueueSoon(tx, bot);
    });
    return { imported: labelled.length, warnings, jobId };
  }
}

/** Each text once, with what stands of its labels, and what an editor should look at. */
export function reviewed(examples: readonly LabelledExample[]): {
  readonly labelled: readonly LabelledExample[];
  readonly warnings: readonly string[];
} {
  const byText = new Map<string, LabelledExample>();
  const warnings: string[] = [];
  examples.forEach((given, i) => {
    const example = { ...given, text: given.text.trim() };
    const fault = faultOf(example);
    if (fault) return void warnings.push(`Example ${i + 1}${quoted(example.text)} is left out: ${fault}.`);
    const before = byText.get(example.text);
    warnings.push(...(before ? contradictions(before, example) : []));
    byText.set(example.text, {
      text: example.text,
      language: example.language || before?.language || detectLanguage(example.text).language,
      intent: example.intent || before?.intent || '',
      emotion: example.emotion || before?.emotion || '',
    });
  });
  return { labelled: [...byText.values()], warnings: shortened(warnings) };
}

function faultOf({ text, language, intent, emotion }: LabelledExample): string | undefined {
  if (text === '') return 'it has no text';
  if (text.length > LONGEST_EXAMPLE) return `its text has more than ${LONGEST_EXAMPLE} characters`;
  if (text.includes('\0')) return 'its text holds a null character';
  if (language !== '' && !isLanguageTag(language)) return 'its language is no tag such as zh or en';
  if (intent === '' && emotion === '') return 'it has neither an intent nor an emotion';
  if (intent !== '' && !isIntentName(intent)) return 'its intent must be 1 to 100 characters of one line';
  if (emotion !== '' && !isEmotion(emotion)) return `its emotion must be one of ${emotions.join(', ')}`;
  return undefined;
}

function contradictions(before: LabelledExample, after: LabelledExample): string[] {
  return (['intent', 'emotion'] as const)
    .filter((label) => before[label] !== '' && after[label] !== '' && before[label] !== after[label])
    .map(
      (label) =>
        `"${cut(after.text)}" is labelled ${before[label]} and ${after[label]}: ${after[label]} stands.`,
    );
}

function quoted(text: string): string {
  return text === '' ? '' : ` ("${cut(text)}")`;
}

function cut(text: string): string {
  return text.length <= QUOTED ? text : `${text.slice(0, QUOTED)}…`;
}

function shortened(warnings: readonly string[]): readonly string[] {
  if (warnings.length <= MOST_WARNINGS) return warnings;
  return [...warnings.slice(0, MOST_WARNINGS), `And ${warnings.length - MOST_WARNINGS} more of the kind.`];
}
