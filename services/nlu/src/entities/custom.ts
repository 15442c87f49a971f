/**
 * A bot's own types of entities: patterns an editor writes, and lists of words, which the catalogue of products is one
 * of. Promises that no definition can hang the process: patterns run on an engine whose time is linear in the text
 * (RE2: Russ Cox, "Regular Expression Matching Can Be Simple And Fast", 2007), and ten thousand names cost one walk
 * through the text.
 */
import { AppError, plainText, type FieldViolation, type PlainText } from '@frontdesk/core';
import { RE2JS } from 're2js';
import type { Entity } from './entity.js';
import { WordList, type Word } from './word-list.js';

export interface EntityDefinition {
  /** snake_case. A type every bot knows, such as `order_number`, gets a further form. */
  readonly type: string;
  readonly kind: 'pattern' | 'list';
  /** For `pattern`: RE2 syntax, capitals ignored. The value is the first group, or all of it without one. */
  readonly pattern?: string;
  /** For `list`: what to answer, and the other ways customers call it. */
  readonly values?: readonly ListValue[];
}

export interface ListValue {
  readonly value: string;
  readonly synonyms: readonly string[];
}

export interface CompiledEntities {
  readonly patterns: readonly { readonly type: string; readonly pattern: RE2JS }[];
  readonly words: WordList;
}

const MOST_DEFINITIONS = 100;
const MOST_WORDS = 100_000;
const LONGEST_PATTERN = 500;
const LONGEST_WORD = 100;
/** Instructions of a pattern's program, and of those of all patterns of a bot. */
const LARGEST_PROGRAM = 500;
const LARGEST_PROGRAMS = 2_000;
/**
 * Instructions times characters that further matches of patterns may cost. Every pattern finds its first match; with
 * 8,000 characters and the worst patterns that can be written both together are some 20 million steps, a third of a
 * second.
 */
const MOST_STEPS = 4_000_000;

/**
 * Checks definitions and makes them ready, once per change: about 20 ms for 10,000 names. Throws `invalid_argument`
 * whose fields name every definition that is wrong, as in `definitions[2].pattern`.
 */
export function compileDefinitions(definitions: readonly EntityDefinition[]): CompiledEntities {
  const wrong: FieldViolation[] = [];
  const patterns: { type: string; pattern: RE2JS }[] = [];
  const words: Word[] = [];
  if (definitions.length > MOST_DEFINITIONS) {
    wrong.push({ field: 'definitions', message: `must not be more than ${MOST_DEFINITIONS}` });
  }
  definitions.slice(0, MOST_DEFINITIONS).forEach((definition, index) => {
    const { type, kind } = definition;
    const refuse = (field: string, message: string) =>
      wrong.push({
        field: `definitions[${index}].${field}`,
        message: `${message} (type ${JSON.stringify(type)})`,
      });
    if (!/^[a-z][a-z0-9_]{0,49}$/.test(type)) refuse('type', 'must be snake_case, at most 50 characters');
    if (kind === 'pattern') {
      const pattern = compilePattern(definition.pattern ?? '', (message) => refuse('pattern', message));
      if (pattern) patterns.push({ type, pattern });
    } else if (kind === 'list') {
      words.push(...wordsOf(definition, refuse));
    } else {
      refuse('kind', 'must be "pattern" or "list"');
    }
  });
  if (words.length > MOST_WORDS) {
    wrong.push({ field: 'definitions', message: `must not have more than ${MOST_WORDS} words together` });
  }
  if (patterns.reduce((size, { pattern }) => size + pattern.programSize(), 0) > LARGEST_PROGRAMS) {
    wrong.push({
      field: 'definitions',
      message: 'must have fewer or simpler patterns: together they are too large',
    });
  }
  if (wrong.length > 0) {
    throw new AppError('invalid_argument', 'Correct the definitions of entities named in the fields.', {
      fields: wrong,
    });
  }
  return { patterns, words: new WordList(words) };
}

function compilePattern(source: string, refuse: (message: string) => void): RE2JS | undefined {
  if (source === '' || source.length > LONGEST_PATTERN) {
    refuse(`must have 1 to ${LONGEST_PATTERN} characters`);
    return undefined;
  }
  try {
    const pattern = RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
    if (pattern.programSize() > LARGEST_PROGRAM) refuse('repeats too much: use smaller numbers in {}');
    else if (pattern.matches('')) refuse('must not match an empty text');
    else return pattern;
  } catch (error) {
    refuse(
      `is no regular expression that can be used: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return undefined;
}

function wordsOf(
  { type, values = [] }: EntityDefinition,
  refuse: (field: string, message: string) => void,
): Word[] {
  if (values.length === 0) refuse('values', 'must not be empty');
  return values.flatMap(({ value, synonyms }, index) =>
    [value, ...synonyms].map((written) => {
      const plain = plainText(written.trim()).folded;
      if (!/[\p{L}\p{N}]/u.test(plain) || plain.length > LONGEST_WORD) {
        refuse(
          `values[${index}]`,
          `must have words of 1 to ${LONGEST_WORD} characters with a letter or digit in them`,
        );
      }
      return { type, value, folded: plain };
    }),
  );
}

/** Spans of the plain text. Patterns come before lists, and an earlier definition before a later one. */
export function findCustom({ cased, folded }: PlainText, { patterns, words }: CompiledEntities): Entity[] {
  const found: Entity[] = [];
  let steps = 0;
  for (const { type, pattern } of patterns) {
    const matcher = pattern.matcher(cased);
    // One search is linear in the text, but there may be one for every character.
    for (let from = 0; matcher.find(); from = matcher.end()) {
      const group = matcher.groupCount() > 0 && matcher.start(1) >= 0 ? 1 : 0;
      const [start, end] = [matcher.start(group), matcher.end(group)];
      if (end > start) found.push({ type, value: cased.slice(start, end), start, end });
      steps += pattern.programSize() * (cased.length - from);
      if (steps > MOST_STEPS) break;
    }
  }
  return [...found, ...words.find(folded)];
}
