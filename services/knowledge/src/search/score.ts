/**
 * How well a passage answers a question: pure, and the same whatever else was recalled. Terms count by what they are
 * worth (tokenise.ts) times their rarity in the tenant's corpus, an inverse document frequency as in BM25 (Robertson
 * and Zaragoza, "The Probabilistic Relevance Framework", 2009). Four views of a passage add up: its closest title or
 * question, all of them together, its title, and what its text knows beyond them.
 */
import type { Passage } from './passage.js';
import { tokenise, TRUST, type Terms } from './tokenise.js';

/** A passage ready to be compared. */
export interface IndexedPassage {
  readonly passage: Passage;
  readonly title: Terms;
  /** The title and each question, with the length of its vector. */
  readonly variants: readonly { readonly terms: Terms; readonly length: number }[];
  /** Terms of all variants. */
  readonly asked: ReadonlySet<string>;
  readonly text: Terms;
}

/** How rare a term is in a corpus: 1 stands in no or one passage, towards 0 in all. */
export interface Rarity {
  of(term: string): number;
  knows(term: string): boolean;
}

/** A question weighed against one corpus. */
export interface Question {
  /** Terms the corpus knows, and their weights. */
  readonly weights: ReadonlyMap<string, number>;
  /** Sum of all weights, of unknown terms too. */
  readonly total: number;
  /** Euclidean length of all weights. */
  readonly length: number;
  /** Sum of the weights of known terms, and of unknown words as if they were the rarest: what is left to grasp. */
  readonly mass: number;
}

export interface Likeness {
  /** From 0, nothing shared, to about `VIEW`'s sum. */
  readonly relevance: number;
  /** Weight of the question's terms which the passage has. */
  readonly shared: number;
}

/** Fitted by test/search.eval.ts on one half of its questions. */
const VIEW = { variant: 1.2, asked: 0.8, title: 1.6, text: 1.2 };
const CONFIDENCE = { bias: -6.9, relevance: 0.57, lead: 1.54, known: 5.6, shared: 1.3 };
/** A word nobody used in the corpus is more often a slip or a filler than a topic. */
const UNKNOWN_TERM = 0.15;
/** Longer variants must share more. */
const LENGTH_PENALTY = 1.2;

export function indexPassage(passage: Passage): IndexedPassage {
  const title = tokenise(passage.title);
  const variants = [title, ...passage.questions.map(tokenise)].map((terms) => ({
    terms,
    length: lengthOf(terms.values()),
  }));
  return {
    passage,
    title,
    variants,
    asked: new Set(variants.flatMap(({ terms }) => [...terms.keys()])),
    text: tokenise(passage.text),
  };
}

/** Every term a passage can be recalled by. */
export function termsOf({ asked, text }: IndexedPassage): Set<string> {
  return new Set([...asked, ...text.keys()]);
}

export function weigh(terms: Terms, rarity: Rarity): Question {
  const weights = new Map<string, number>();
  const all: number[] = [];
  let mass = 0;
  for (const [term, trust] of terms) {
    const known = rarity.knows(term);
    const weight = trust * rarity.of(term) * (known ? 1 : UNKNOWN_TERM);
    if (known) weights.set(term, weight);
    if (known) mass += weight;
    else if (trust === TRUST.word) mass += trust;
    all.push(weight);
  }
  return { weights, total: all.reduce((sum, weight) => sum + weight, 0), length: lengthOf(all), mass };
}

export function compare(question: Question, indexed: IndexedPassage): Likeness {
  let asked = 0;
  let title = 0;
  let text = 0;
  for (const [term, weight] of question.weights) {
    if (indexed.asked.has(term)) asked += weight;
    else if (indexed.text.has(term)) text += weight;
    if (indexed.title.has(term)) title += weight;
  }
  if (asked + text === 0) return { relevance: 0, shared: 0 };
  const views = VIEW.asked * asked + VIEW.title * title + VIEW.text * text;
  const variant = asked > 0 ? VIEW.variant * closestVariant(question, indexed) : 0;
  return { relevance: views / question.total + variant, shared: asked + text };
}

/**
 * The probability that a passage answers the question, 0 to 1, from how alike they are, how far it stands out from
 * the best other article (`lead`, negative behind it), and how much of the question is known at all. A logistic
 * regression; comparable between questions, languages and corpora.
 */
export function confidence(question: Question, { relevance, shared }: Likeness, lead: number): number {
  if (question.mass === 0) return 0;
  let known = 0;
  for (const weight of question.weights.values()) known += weight;
  const { bias, ...by } = CONFIDENCE;
  const evidence =
    by.relevance * relevance +
    by.lead * lead +
    by.known * (known / question.mass) +
    by.shared * (shared / question.mass);
  return 1 / (1 + Math.exp(-bias - evidence));
}

function closestVariant({ weights, length }: Question, { variants }: IndexedPassage): number {
  let closest = 0;
  for (const variant of variants) {
    let product = 0;
    for (const [term, weight] of weights) product += weight * (variant.terms.get(term) ?? 0);
    if (product > 0) closest = Math.max(closest, product / (length * variant.length ** LENGTH_PENALTY));
  }
  return closest;
}

function lengthOf(weights: Iterable<number>): number {
  let squares = 0;
  for (const weight of weights) squares += weight * weight;
  return Math.sqrt(squares);
}
