/**
 * Finds passages for a question among the tenant's articles that are valid now. Promises scores that can be compared
 * between questions; the customer's language first, and other languages only where it has nothing to say.
 */
import { Injectable } from '@nestjs/common';
import { requireTenant, type Clock } from '@frontdesk/core';
import { Corpora, primaryLanguage } from './corpora.js';
import type { Hit, LanguageCorpus } from './corpus.js';
import { tokenise } from './tokenise.js';

export interface SearchedQuestion {
  readonly query: string;
  /** BCP 47; empty: any language. */
  readonly locale: string;
  readonly limit: number;
}

/** A best score below this means that a language has nothing to say. */
const NO_EVIDENCE = 0.2;

@Injectable()
export class Search {
  constructor(
    private readonly corpora: Corpora,
    private readonly clock: Clock,
  ) {}

  /** At most `limit` passages, the best first; none where no article shares a word with the question. */
  async search({ query, locale, limit }: SearchedQuestion): Promise<Hit[]> {
    const corpora = await this.corpora.of(requireTenant());
    const terms = tokenise(query);
    const now = this.clock.now();
    const searchAll = (among: readonly LanguageCorpus[]): Hit[] =>
      among
        .flatMap((corpus) => corpus.search(terms, now))
        .sort((a, b) => b.score - a.score)
        .slice(0, limit);

    const own = corpora.get(primaryLanguage(locale));
    if (!own) return searchAll([...corpora.values()]);
    const hits = searchAll([own]);
    if (saysSomething(hits)) return hits;
    const foreign = searchAll([...corpora.values()].filter((corpus) => corpus !== own));
    return saysSomething(foreign) ? foreign : hits;
  }
}

const saysSomething = (hits: readonly Hit[]): boolean => (hits[0]?.score ?? 0) >= NO_EVIDENCE;
