/** How a bot understands: its encoder, its gate, its own entities; and what an editor may put there. Pure. */
import { AppError, isAppError, type FieldViolation } from '@frontdesk/core';
import { compileDefinitions, type EntityDefinition, type ListValue } from '../entities/custom.js';

/** One encoder per language, one for all languages, or none at all. */
export const encoderChoices = ['per_language', 'multilingual', 'lexical'] as const;
export type EncoderChoice = (typeof encoderChoices)[number];

export interface BotSettings {
  /** Undefined: as configured for the installation. */
  readonly encoder: EncoderChoice | undefined;
  /** What an intent may lose of its held-out recall, 0 to 1; undefined: as configured for the installation. */
  readonly gateMargin: number | undefined;
  readonly entities: readonly EntityDefinition[];
}

/** A definition as it comes in: a pattern or values, whichever is not empty. */
export interface GivenDefinition {
  readonly type: string;
  readonly pattern: string;
  readonly values: readonly ListValue[];
}

/** Settings as they come in: not checked yet. */
export interface GivenSettings {
  /** Empty: as configured for the installation. */
  readonly encoder: string;
  readonly gateMargin: number | undefined;
  readonly entities: readonly GivenDefinition[];
}

export const NO_SETTINGS: BotSettings = { encoder: undefined, gateMargin: undefined, entities: [] };

const MOST_PROBLEMS_NAMED = 50;

/** The settings, proper. Throws `invalid_argument`, naming every field that is not. */
export function checkedSettings({ encoder, gateMargin, entities: given }: GivenSettings): BotSettings {
  const fields: FieldViolation[] = [];
  const refuse = (field: string, message: string) => fields.push({ field, message });

  const choice = encoderChoices.find((known) => known === encoder);
  if (encoder !== '' && !choice) refuse('encoder', `must be one of ${encoderChoices.join(', ')}`);
  // Written so that NaN is refused too.
  if (gateMargin !== undefined && !(gateMargin >= 0 && gateMargin <= 1))
    refuse('gateMargin', 'must be between 0 and 1');
  given.forEach(({ pattern, values }, i) => {
    if (pattern !== '' && values.length > 0)
      refuse(`entities[${i}]`, 'has a pattern and values: keep one of them');
  });
  const entities = given.map(toDefinition);
  fields.push(...faultsOf(entities));

  if (fields.length === 0) return { encoder: choice, gateMargin, entities };
  throw new AppError('invalid_argument', 'These settings cannot be stored: correct the named fields.', {
    fields: fields.slice(0, MOST_PROBLEMS_NAMED),
  });
}

function toDefinition({ type, pattern, values }: GivenDefinition): EntityDefinition {
  return pattern === '' ? { type, kind: 'list', values } : { type, kind: 'pattern', pattern };
}

/** What compiling them finds, under the names which the definitions have here. */
function faultsOf(entities: readonly EntityDefinition[]): readonly FieldViolation[] {
  try {
    compileDefinitions(entities);
    return [];
  } catch (error) {
    if (!isAppError(error) || !error.fields) throw error;
    return error.fields.map(({ field, message }) => ({
      field: field.replace(/^definitions/, 'entities'),
      message,
    }));
  }
}
