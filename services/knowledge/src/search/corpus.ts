/**
 * The passages of one tenant in one language, with an inverted index. Promises exact document frequencies after every
 * change, and a search that costs about the same in a large corpus as in a small one: rare terms recall, and no
 * more than a bounded number of passages is looked at. Hides that terms are numbered and passages have slots.
 */
import {
  compare,
  confidence,
  indexPassage,
  UNKNOWN_TERM,
  type IndexedPassage,
  type Question,
} from './score.js';
import type { Passage } from './passage.js';
import { TRUST, type Terms } from './tokenise.js';

export interface Hit {
  readonly passage: Passage;
  /** The probability that it answers the question, 0 to 1. */
  readonly score: number;
}

/** Postings read per search: the rarest terms first, and at least the rarest one. */
const POSTINGS_READ = 4_000;
/** Passages scored in full, those which share the most weight with the question. */
const SCORED = 48;
/** Flattens the inverse document frequency: concepts are common by design and still tell a lot. */
const RARITY_EXPONENT = 0.7;

export class LanguageCorpus {
  private readonly numbers = new Map<string, number>();
  /** Slots of the passages that have a term, by its number. */
  private readonly postings: number[][] = [];
  private readonly passages: (IndexedPassage | undefined)[] = [];
  private readonly freeSlots: number[] = [];
  private readonly slotsOf = new Map<string, number[]>();
  /** Scratch, by term number and by slot; all zero between searches. */
  private weights = new Float64Array(1_024);
  private sums = new Float64Array(1_024);

  get size(): number {
    return this.passages.length - this.freeSlots.length;
  }

  /** The passages of one article in place of those it had; none deletes it. */
  replace(articleId: string, passages: readonly Passage[]): void {
    for (const slot of this.slotsOf.get(articleId) ?? []) this.remove(slot);
    if (passages.length > 0)
      this.slotsOf.set(
        articleId,
        passages.map((passage) => this.add(passage)),
      );
    else this.slotsOf.delete(articleId);
  }

  /** Passages which share a term with the question and are valid at `nowMs`, the best first. */
  search(terms: Terms, nowMs: number): Hit[] {
    const known = this.knownOf(terms);
    const question = this.weigh(terms, known);
    const found = this.recall(known, nowMs).map((indexed) => ({
      passage: indexed.passage,
      likeness: compare(question, indexed),
    }));
    for (const number of known) this.weights[number] = 0;

    found.sort(
      (a, b) => b.likeness.relevance - a.likeness.relevance || (a.passage.id < b.passage.id ? -1 : 1),
    );
    const [best] = found;
    const rival = found.find(({ passage }) => passage.articleId !== best!.passage.articleId);
    return found.map(({ passage, likeness }) => {
      const other = passage.articleId === best!.passage.articleId ? rival : best;
      const lead = likeness.relevance - (other?.likeness.relevance ?? 0);
      return { passage, score: confidence(question, likeness, lead) };
    });
  }

  private knownOf(terms: Terms): number[] {
    const known: number[] = [];
    for (const term of terms.keys()) {
      const number = this.numbers.get(term);
      if (number !== undefined && this.postings[number]!.length > 0) known.push(number);
    }
    return known;
  }

  private weigh(terms: Terms, knownNumbers: readonly number[]): Question {
    if (this.weights.length < this.postings.length) this.weights = new Float64Array(this.postings.length * 2);
    let [total, squares, known, mass] = [0, 0, 0, 0];
    const isKnown = new Set(knownNumbers);
    for (const [term, trust] of terms) {
      const number = this.numbers.get(term);
      const inCorpus = number !== undefined && isKnown.has(number);
      const weight = inCorpus ? trust * this.rarity(number) : trust * UNKNOWN_TERM;
      if (inCorpus) {
        this.weights[number] = weight;
        known += weight;
        mass += weight;
      } else if (trust === TRUST.word) mass += trust;
      total += weight;
      squares += weight * weight;
    }
    return { weights: this.weights, total, length: Math.sqrt(squares), known, mass };
  }

  /** The best candidates by shared weight alone; reads rare terms first and stops when it has read enough. */
  private recall(known: readonly number[], nowMs: number): IndexedPassage[] {
    if (this.sums.length < this.passages.length) this.sums = new Float64Array(this.passages.length * 2);
    const rarestFirst = [...known].sort((a, b) => this.postings[a]!.length - this.postings[b]!.length);
    const touched: number[] = [];
    let read = 0;
    for (const number of rarestFirst) {
      const slots = this.postings[number]!;
      read += slots.length;
      if (read > POSTINGS_READ && touched.length > 0) break;
      const weight = this.weights[number]!;
      for (const slot of slots) {
        if (this.sums[slot] === 0) touched.push(slot);
        this.sums[slot]! += weight;
      }
    }
    const best = this.heaviest(touched, nowMs);
    for (const slot of touched) this.sums[slot] = 0;
    return best.map((slot) => this.passages[slot]!);
  }

  /** The valid ones with the largest sums, in their order; most of the others cost one comparison. */
  private heaviest(slots: readonly number[], nowMs: number): number[] {
    const best: number[] = [];
    for (const slot of slots) {
      const sum = this.sums[slot]!;
      if (best.length === SCORED && sum <= this.sums[best.at(-1)!]!) continue;
      const { validFrom, validTo } = this.passages[slot]!.passage;
      if (nowMs < validFrom || validTo <= nowMs) continue;
      const rank = best.findLastIndex((other) => this.sums[other]! >= sum) + 1;
      best.splice(rank, 0, slot);
      if (best.length > SCORED) best.pop();
    }
    return best;
  }

  /** Inverse document frequency of BM25, as a share of the highest and flattened: 0 to 1. */
  private rarity(number: number): number {
    const idf = (withTerm: number) => Math.log(1 + (this.size - withTerm + 0.5) / (withTerm + 0.5));
    return (idf(this.postings[number]!.length) / idf(0)) ** RARITY_EXPONENT;
  }

  private add(passage: Passage): number {
    const indexed = indexPassage(passage, (term) => this.numberOf(term));
    const slot = this.freeSlots.pop() ?? this.passages.length;
    this.passages[slot] = indexed;
    for (const number of indexed.asked) this.postings[number]!.push(slot);
    for (const number of indexed.text) this.postings[number]!.push(slot);
    return slot;
  }

  private remove(slot: number): void {
    const { asked, text } = this.passages[slot]!;
    for (const number of [...asked, ...text]) {
      const slots = this.postings[number]!;
      slots.splice(slots.indexOf(slot), 1);
    }
    this.passages[slot] = undefined;
    this.freeSlots.push(slot);
  }

  private numberOf(term: string): number {
    let number = this.numbers.get(term);
    if (number === undefined) {
      number = this.postings.push([]) - 1;
      this.numbers.set(term, number);
    }
    return number;
  }
}
