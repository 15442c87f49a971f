/**
 * The passages of one tenant in one language, with an inverted index. Promises exact document frequencies after every
 * change, and a search that costs about the same in a large corpus as in a small one: rare terms recall, and no
 * more than a bounded number of passages is looked at.
 */
import {
  compare,
  confidence,
  indexPassage,
  termsOf,
  weigh,
  type IndexedPassage,
  type Rarity,
} from './score.js';
import type { Passage } from './passage.js';
import type { Terms } from './tokenise.js';

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

export class LanguageCorpus implements Rarity {
  private readonly postings = new Map<string, IndexedPassage[]>();
  private readonly byArticle = new Map<string, IndexedPassage[]>();
  private passages = 0;

  get size(): number {
    return this.passages;
  }

  /** The passages of one article in place of those it had; none deletes it. */
  replace(articleId: string, passages: readonly Passage[]): void {
    for (const old of this.byArticle.get(articleId) ?? []) {
      for (const term of termsOf(old)) this.forget(term, old);
      this.passages--;
    }
    const indexed = passages.map(indexPassage);
    for (const passage of indexed) {
      for (const term of termsOf(passage)) this.remember(term, passage);
      this.passages++;
    }
    if (indexed.length > 0) this.byArticle.set(articleId, indexed);
    else this.byArticle.delete(articleId);
  }

  /** Passages which share a term with the question and are valid at `nowMs`, the best first. */
  search(terms: Terms, nowMs: number): Hit[] {
    const question = weigh(terms, this);
    const found = this.recall(question.weights, nowMs).map(({ passage }, i, recalled) => ({
      passage,
      likeness: compare(question, recalled[i]!),
    }));
    found.sort(
      (a, b) => b.likeness.relevance - a.likeness.relevance || (a.passage.id < b.passage.id ? -1 : 1),
    );
    const best = found[0];
    const rival = found.find(({ passage }) => passage.articleId !== best!.passage.articleId);
    return found
      .map(({ passage, likeness }) => {
        const other = passage.articleId === best!.passage.articleId ? rival : best;
        const lead = likeness.relevance - (other?.likeness.relevance ?? 0);
        return { passage, score: confidence(question, likeness, lead) };
      })
      .sort((a, b) => b.score - a.score);
  }

  knows(term: string): boolean {
    return this.postings.has(term);
  }

  of(term: string): number {
    return (
      (idf(this.passages, this.postings.get(term)?.length ?? 0) / idf(this.passages, 0)) ** RARITY_EXPONENT
    );
  }

  private recall(weights: ReadonlyMap<string, number>, nowMs: number): IndexedPassage[] {
    const rarestFirst = [...weights].map(([term, weight]) => ({ weight, found: this.postings.get(term)! }));
    rarestFirst.sort((a, b) => a.found.length - b.found.length);
    const shared = new Map<IndexedPassage, number>();
    let read = 0;
    for (const { weight, found } of rarestFirst) {
      read += found.length;
      if (read > POSTINGS_READ && shared.size > 0) break;
      for (const indexed of found) {
        const { validFrom, validTo } = indexed.passage;
        if (validFrom <= nowMs && nowMs < validTo) shared.set(indexed, (shared.get(indexed) ?? 0) + weight);
      }
    }
    const recalled = [...shared].sort((a, b) => b[1] - a[1]).slice(0, SCORED);
    return recalled.map(([indexed]) => indexed);
  }

  private remember(term: string, passage: IndexedPassage): void {
    const found = this.postings.get(term);
    if (found) found.push(passage);
    else this.postings.set(term, [passage]);
  }

  private forget(term: string, passage: IndexedPassage): void {
    const found = this.postings.get(term)!;
    if (found.length === 1) this.postings.delete(term);
    else found.splice(found.indexOf(passage), 1);
  }
}

/** Inverse document frequency of BM25, never negative. */
function idf(passages: number, withTerm: number): number {
  return Math.log(1 + (passages - withTerm + 0.5) / (withTerm + 0.5));
}
