/** A bot's intents with their examples: what an editor may hand in, and what an editor should look at. Pure. */
import { AppError, foldWidth, type FieldViolation } from '@frontdesk/core';
import { OUT_OF_SCOPE } from '../intent/out-of-scope.js';

export interface Intent {
  readonly name: string;
  /** Empty for a top-level intent. */
  readonly parent: string;
  /** Utterances by language, e.g. `{ zh: ['退款'], en: ['refund'] }`. */
  readonly examples: Readonly<Record<string, readonly string[]>>;
}

const MOST_INTENTS = 2_000;
const MOST_EXAMPLES = 200_000;
const MOST_PROBLEMS_NAMED = 50;
const MOST_WARNINGS = 100;
/** In UTF-16 units. */
export const LONGEST_EXAMPLE = 8_000;
/** Fewer examples than this make an intent guesswork. */
const THIN = 5;

/** 1 to 100 characters, no control characters, no space at either end. */
const NAME = /^(?!\s)[^\p{C}]{1,100}(?<!\s)$/u;
const LANGUAGE = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/;

export function isIntentName(name: string): boolean {
  return NAME.test(name);
}

/** A BCP 47 tag by whose language examples are kept, e.g. `zh`, `en-GB`. */
export function isLanguageTag(language: string): boolean {
  return LANGUAGE.test(language);
}

/**
 * Throws `invalid_argument`, naming every field, unless names are proper and unique, every parent is among `intents`
 * or `stored`, no intent is its own ancestor, and every example has words.
 */
export function checkTaxonomy(intents: readonly Intent[], stored: ReadonlyMap<string, string>): void {
  const fields: FieldViolation[] = [];
  const refuse = (field: string, message: string) => fields.push({ field, message });
  const parents = new Map([...stored, ...intents.map(({ name, parent }) => [name, parent] as const)]);
  const seen = new Set<string>();
  let examples = 0;

  if (intents.length === 0) refuse('intents', 'must hold at least one intent');
  if (intents.length > MOST_INTENTS) refuse('intents', `must hold at most ${MOST_INTENTS} intents`);
  intents.forEach(({ name, parent, examples: byLanguage }, i) => {
    const at = `intents[${i}]`;
    if (!isIntentName(name)) refuse(`${at}.name`, 'must be 1 to 100 characters without control characters');
    if (seen.has(name)) refuse(`${at}.name`, `stands twice: ${name}`);
    seen.add(name);
    if (parent && !parents.has(parent)) refuse(`${at}.parent`, `is not an intent of this bot: ${parent}`);
    else if (isOwnAncestor(name, parents)) refuse(`${at}.parent`, 'makes the intent its own ancestor');
    for (const [language, texts] of Object.entries(byLanguage)) {
      examples += texts.length;
      if (!isLanguageTag(language))
        refuse(`${at}.examples`, `must be keyed by language tags, not ${language}`);
      texts.forEach((text, j) => {
        if (text.trim() === '' || text.length > LONGEST_EXAMPLE || text.includes('\0'))
          refuse(`${at}.examples.${language}[${j}]`, `must be 1 to ${LONGEST_EXAMPLE} printable characters`);
      });
    }
  });
  if (examples > MOST_EXAMPLES) refuse('intents', `must hold at most ${MOST_EXAMPLES} examples`);
  if (fields.length === 0) return;
  throw new AppError('invalid_argument', 'These intents cannot be stored: correct the named fields.', {
    fields: fields.slice(0, MOST_PROBLEMS_NAMED),
  });
}

function isOwnAncestor(name: string, parents: ReadonlyMap<string, string>): boolean {
  const passed = new Set<string>([name]);
  for (let parent = parents.get(name); parent; parent = parents.get(parent)) {
    if (passed.has(parent)) return parent === name;
    passed.add(parent);
  }
  return false;
}

/** What an editor should look at: intents too thin to learn from, one intent alone, utterances under two or twice. */
export function warningsOf(intents: readonly Intent[]): string[] {
  const warnings: string[] = [];
  const parents = new Set(intents.map((intent) => intent.parent));
  const owners = new Map<string, string>();
  for (const { name, examples } of intents) {
    const texts = Object.values(examples).flat();
    const groupsOthers = parents.has(name) && texts.length === 0;
    if (texts.length < THIN && !groupsOthers && name !== OUT_OF_SCOPE)
      warnings.push(`${name} has ${texts.length} examples: give it at least ${THIN}.`);
    for (const text of texts) {
      const key = foldWidth(text).trim();
      const owner = owners.get(key);
      if (owner !== undefined && owner !== name)
        warnings.push(`"${text}" stands under ${owner} and ${name}: keep it under one.`);
      owners.set(key, name);
    }
  }
  warnings.push(...intents.flatMap(doublesOf));
  const taught = new Set(owners.values());
  taught.delete(OUT_OF_SCOPE);
  if (taught.size === 1)
    warnings.push(`Only ${[...taught][0]} has examples: with a second intent the bot can tell them apart.`);
  if (warnings.length <= MOST_WARNINGS) return warnings;
  const more = warnings.length - MOST_WARNINGS;
  return [...warnings.slice(0, MOST_WARNINGS), `And ${more} more of the kind.`];
}

/** A word of two languages may stand under both. */
function doublesOf({ name, examples }: Intent): string[] {
  return Object.values(examples).flatMap((texts) => {
    const seen = new Set<string>();
    return texts.flatMap((text) => {
      const key = foldWidth(text).trim();
      const isDouble = seen.has(key);
      seen.add(key);
      return isDouble ? [`"${text}" stands twice under ${name}: once is enough.`] : [];
    });
  });
}

/** Parents before children, otherwise by name. */
export function inTreeOrder<T extends { readonly name: string; readonly parent: string }>(
  intents: readonly T[],
): T[] {
  const children = Map.groupBy(intents, (intent) => intent.parent);
  const ordered: T[] = [];
  const visit = (parent: string) => {
    for (const intent of children.get(parent) ?? []) {
      ordered.push(intent);
      visit(intent.name);
    }
  };
  visit('');
  return ordered;
}
