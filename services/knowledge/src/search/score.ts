/**
 * How well a passage answers a question. Pure, and the same whatever else was recalled. Terms are numbers here, given
 * by the corpus; each counts by what its kind is worth (tokenise.ts) times its rarity in the corpus. Four views of a
 * passage add up: its closest title or question, all of those together, its title, and what its text says beyond them,
 * counted with saturation and length as in BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework",
 * 2009).
 */
import type { Passage } from './passage.js';
import { tokenise } from './tokenise.js';

/** A passage ready to be compared; terms by their numbers, none twice in an array. */
export interface IndexedPassage {
  readonly passage: Passage;
  /** The title, then each question. */
  readonly variants: readonly Variant[];
  /** Terms of all variants. */
  readonly asked: Uint32Array;
  /** Terms of the text which no variant has, and their saturated counts, 0 to 1. */
  readonly text: Uint32Array;
  readonly textCounts: Float32Array;
}

export interface Variant {
  readonly terms: Uint32Array;
  readonly trusts: Float32Array;
  /** Euclidean length of the trusts, raised by the penalty for saying more. */
  readonly length: number;
}

/** A question weighed against one corpus. */
export interface Question {
  /** By term number; 0 for terms that are not in the question. Valid until the corpus weighs the next one. */
  readonly weights: Float64Array;
  /** Sum and Euclidean length of all weights, those of unknown terms too. */
  readonly total: number;
  readonly length: number;
  /** Sum of the weights the corpus knows. */
  readonly known: number;
  /** The same, and unknown words as if they were the rarest known: what there is to grasp. */
  readonly mass: number;
}

export interface Likeness {
  /** 0 when nothing is shared; compare only between passages of one question. */
  readonly relevance: number;
  /** Sum of the weights which the passage shares. */
  readonly shared: number;
}

/** All fitted on the half of test/search.eval.ts called "seen", held against public data sets. */
const VIEW = { variant: 1.3, asked: 0.7, title: 1, text: 2.2 };
const VARIANT_LENGTH_EXPONENT = 1.2;
/** BM25's k1 and b, and the number of terms of a text of usual length. */
const TEXT = { saturation: 0.8, lengthShare: 0.4, usualLength: 100 };
/** A word nobody used in the corpus is more often a slip or a filler than a topic. */
export const UNKNOWN_TERM = 0.2;
const CONFIDENCE = { bias: -6.1, relevance: 1.2, lead: 1.9, known: 4.7, shared: 0.6 };

export function indexPassage(passage: Passage, numberOf: (term: string) => number): IndexedPassage {
  const numbers = (terms: Iterable<string>): Uint32Array => Uint32Array.from(terms, numberOf);
  const variants = [passage.title, ...passage.questions].map(tokenise);
  const asked = new Set(variants.flatMap((terms) => [...terms.keys()]));
  const counts = countTerms(passage.text);
  const lengthShare = [...counts.values()].reduce((sum, count) => sum + count, 0) / TEXT.usualLength;
  const half = TEXT.saturation * (1 - TEXT.lengthShare + TEXT.lengthShare * lengthShare);
  const text = [...counts].filter(([term]) => !asked.has(term));
  return {
    passage,
    variants: variants.map((terms) => ({
      terms: numbers(terms.keys()),
      trusts: Float32Array.from(terms.values()),
      length: Math.hypot(...terms.values()) ** VARIANT_LENGTH_EXPONENT,
    })),
    asked: numbers(asked),
    text: numbers(text.map(([term]) => term)),
    textCounts: Float32Array.from(text, ([, count]) => count / (count + half)),
  };
}

export function compare({ weights, total, length }: Question, indexed: IndexedPassage): Likeness {
  const asked = sumOf(weights, indexed.asked);
  let text = 0;
  let inText = 0;
  for (let i = 0; i < indexed.text.length; i++) {
    const weight = weights[indexed.text[i]!]!;
    inText += weight;
    text += weight * indexed.textCounts[i]!;
  }
  if (asked + inText === 0) return { relevance: 0, shared: 0 };
  const closest =
    asked === 0 ? 0 : Math.max(...indexed.variants.map((variant) => cosine(weights, variant))) / length;
  const title = sumOf(weights, indexed.variants[0]!.terms);
  const views = VIEW.asked * asked + VIEW.title * title + VIEW.text * text;
  return { relevance: views / total + VIEW.variant * closest, shared: asked + inText };
}

/**
 * The probability that a passage answers the question, 0 to 1, from how alike they are, how far it stands out from
 * the best other article (`lead`, negative behind it), and how much of the question is known and shared at all: a
 * logistic regression. Comparable between questions, languages and corpora.
 */
export function confidence({ known, mass }: Question, { relevance, shared }: Likeness, lead: number): number {
  if (shared === 0) return 0;
  const { bias, ...by } = CONFIDENCE;
  const evidence =
    by.relevance * relevance + by.lead * lead + by.known * (known / mass) + by.shared * (shared / mass);
  return 1 / (1 + Math.exp(-bias - evidence));
}

/** Each term with the number of clauses that have it. */
function countTerms(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const clause of text.split(/[。！？；，,.!?;\n]+/)) {
    for (const term of tokenise(clause).keys()) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  return counts;
}

function sumOf(weights: Float64Array, terms: Uint32Array): number {
  let sum = 0;
  for (const term of terms) sum += weights[term]!;
  return sum;
}

/** Up to the length of the question, which all variants share. */
function cosine(weights: Float64Array, { terms, trusts, length }: Variant): number {
  let product = 0;
  for (let i = 0; i < terms.length; i++) product += weights[terms[i]!]! * trusts[i]!;
  return product === 0 ? 0 : product / length;
}
