/** How a bot understands: its encoder, its gate, its own entities; and what an editor may put there. Pure. */
import { AppError, type FieldViolation } from '@frontdesk/core';

/** One encoder per language, one for all languages, or none at all. */
export const encoderChoices = ['per_language', 'multilingual', 'lexical'] as const;
export type EncoderChoice = (typeof encoderChoices)[number];

export interface EntityValue {
  /** The normal form. */
  readonly value: string;
  /** Other words for it. */
  readonly synonyms: readonly string[];
}

/** A type of entity of the bot's own: a pattern or a list of values, never both. */
export interface EntityDefinition {
  /** snake_case, e.g. `product`. */
  readonly type: string;
  /** A regular expression over the folded text; empty when values are given. */
  readonly pattern: string;
  readonly values: readonly EntityValue[];
}

export interface BotSettings {
  /** Undefined: as configured for the installation. */
  readonly encoder: EncoderChoice | undefined;
  /** What an intent may lose of its held-out recall, 0 to 1; undefined: as configured for the installation. */
  readonly gateMargin: number | undefined;
  readonly entities: readonly EntityDefinition[];
}

/** Settings as they come in: not checked yet. */
export interface GivenSettings extends Omit<BotSettings, 'encoder'> {
  /** Empty: as configured for the installation. */
  readonly encoder: string;
}

export const NO_SETTINGS: BotSettings = { encoder: undefined, gateMargin: undefined, entities: [] };

const MOST_DEFINITIONS = 200;
const MOST_VALUES = 50_000;
const LONGEST_VALUE = 200;
const LONGEST_PATTERN = 500;
const MOST_PROBLEMS_NAMED = 50;
const TYPE = /^[a-z][a-z0-9_]{0,63}$/;

/** The settings, proper. Throws `invalid_argument`, naming every field that is not. */
export function checkedSettings({ encoder, gateMargin, entities }: GivenSettings): BotSettings {
  const fields: FieldViolation[] = [];
  const refuse = (field: string, message: string) => fields.push({ field, message });

  const choice = encoderChoices.find((known) => known === encoder);
  if (encoder !== '' && !choice) refuse('encoder', `must be one of ${encoderChoices.join(', ')}`);
  // Written so that NaN is refused too.
  if (gateMargin !== undefined && !(gateMargin >= 0 && gateMargin <= 1))
    refuse('gateMargin', 'must be between 0 and 1');
  if (entities.length > MOST_DEFINITIONS) refuse('entities', `must hold at most ${MOST_DEFINITIONS} types`);
  const size = entities.reduce((sum, { values }) => sum + values.length, 0);
  if (size > MOST_VALUES) refuse('entities', `must hold at most ${MOST_VALUES} values in all`);

  const seen = new Set<string>();
  entities.forEach((definition, i) => {
    const at = `entities[${i}]`;
    const { type, pattern, values } = definition;
    if (!TYPE.test(type)) refuse(`${at}.type`, 'must be snake_case, of at most 64 characters');
    if (seen.has(type)) refuse(`${at}.type`, `stands twice: ${type}`);
    seen.add(type);
    if (pattern !== '' && values.length > 0) refuse(at, 'has a pattern and values: keep one of them');
    else if (values.length > 0) checkValues(values, at, refuse);
    else checkPattern(pattern, at, refuse);
  });

  if (fields.length === 0) return { encoder: choice, gateMargin, entities };
  throw new AppError('invalid_argument', 'These settings cannot be stored: correct the named fields.', {
    fields: fields.slice(0, MOST_PROBLEMS_NAMED),
  });
}

type Refuse = (field: string, message: string) => void;

function checkPattern(pattern: string, at: string, refuse: Refuse): void {
  if (pattern === '') return refuse(at, 'has neither a pattern nor values');
  if (pattern.length > LONGEST_PATTERN)
    return refuse(`${at}.pattern`, `must have at most ${LONGEST_PATTERN} characters`);
  try {
    if (new RegExp(pattern, 'u').test('')) refuse(`${at}.pattern`, 'matches the empty text');
  } catch {
    refuse(`${at}.pattern`, 'is not a regular expression');
  }
}

function checkValues(values: readonly EntityValue[], at: string, refuse: Refuse): void {
  values.forEach(({ value, synonyms }, j) => {
    if (!isWord(value)) refuse(`${at}.values[${j}].value`, `must have 1 to ${LONGEST_VALUE} characters`);
    synonyms.forEach((synonym, k) => {
      if (isWord(synonym)) return;
      refuse(`${at}.values[${j}].synonyms[${k}]`, `must have 1 to ${LONGEST_VALUE} characters`);
    });
  });
}

function isWord(text: string): boolean {
  return text.trim() !== '' && text.length <= LONGEST_VALUE && !text.includes('\0');
}
