/**
 * The corpora of tenants in memory, each loaded when first searched. PostgreSQL stays the truth: every change takes
 * the tenant's revision further, and a corpus catches up by reading what changed since its own. A change made in this
 * process is seen by the next search, one made elsewhere within `KNOWLEDGE_STALE_MS`; no message between processes is
 * needed, so none can be lost. Tenants not searched for longest make room.
 */
import { Injectable } from '@nestjs/common';
import { newId, runInContext } from '@frontdesk/core';
import { Database } from '@frontdesk/store';
import { selectChanges, selectCorpus, type Change } from '../articles/article.store.js';
import { KnowledgeConfig } from '../config.js';
import { knowledgeMetrics } from '../metrics.js';
import { LanguageCorpus } from './corpus.js';
import { passagesOf } from './passage.js';

/** Changes read per transaction, and indexed before other work of the process gets its turn. */
const CHANGES_PER_READ = 50;

type Place = Parameters<typeof selectChanges>[1];
const START: Place = { revision: 0, id: '' };

@Injectable()
export class Corpora {
  /** In the order of their last search. */
  private readonly tenants = new Map<string, TenantCorpus>();

  constructor(
    private readonly database: Database,
    private readonly config: KnowledgeConfig,
  ) {}

  /** The tenant's corpus, by primary language subtag, as fresh as promised. */
  async of(tenantId: string): Promise<ReadonlyMap<string, LanguageCorpus>> {
    const corpus = this.tenants.get(tenantId) ?? new TenantCorpus(this.database, tenantId);
    this.tenants.delete(tenantId);
    this.tenants.set(tenantId, corpus);
    if (await corpus.freshen(this.config.KNOWLEDGE_STALE_MS)) this.makeRoom();
    return corpus.languages;
  }

  /** The next search of this tenant looks for changes first. */
  outdated(tenantId: string): void {
    this.tenants.get(tenantId)?.outdate();
  }

  private makeRoom(): void {
    let held = 0;
    for (const corpus of this.tenants.values()) held += corpus.passages;
    for (const [tenantId, corpus] of this.tenants) {
      if (held <= this.config.KNOWLEDGE_PASSAGES_IN_MEMORY || this.tenants.size === 1) break;
      held -= corpus.passages;
      this.tenants.delete(tenantId);
    }
    knowledgeMetrics.passagesInMemory.set(held);
  }
}

class TenantCorpus {
  readonly languages = new Map<string, LanguageCorpus>();
  private readonly languageOf = new Map<string, string>();
  private bornAt = 0;
  /** Changes up to here are in. */
  private place: Place = START;
  /** Milliseconds since the epoch; what was committed before is in. */
  private freshAt = 0;
  private outdatedMeanwhile = false;
  private catchingUp: Promise<boolean> | undefined;

  constructor(
    private readonly database: Database,
    private readonly tenantId: string,
  ) {}

  get passages(): number {
    let count = 0;
    for (const corpus of this.languages.values()) count += corpus.size;
    return count;
  }

  outdate(): void {
    this.freshAt = 0;
    this.outdatedMeanwhile = true;
  }

  /** Takes in what was committed until `staleMs` ago; tells whether there was anything. */
  async freshen(staleMs: number): Promise<boolean> {
    const needed = Date.now() - staleMs;
    let changed = false;
    while (this.freshAt < needed) {
      // One catch-up serves all searches that wait for it, so it must not end with the request of one of them.
      this.catchingUp ??= runInContext({ requestId: newId(), tenantId: this.tenantId }, () =>
        this.catchUp(),
      ).finally(() => (this.catchingUp = undefined));
      changed = (await this.catchingUp) || changed;
    }
    return changed;
  }

  private async catchUp(): Promise<boolean> {
    this.outdatedMeanwhile = false;
    const startedAt = Date.now();
    const stored = await this.database.transaction(selectCorpus);
    const reborn = (stored?.bornAt ?? 0) !== this.bornAt;
    if (reborn) this.clear(stored?.bornAt ?? 0);
    const behind = stored !== undefined && stored.revision >= this.place.revision;
    if (behind) await this.readChanges(stored.revision);
    if (!this.outdatedMeanwhile) this.freshAt = startedAt;
    return reborn || behind;
  }

  private async readChanges(until: number): Promise<void> {
    let read: Change[];
    do {
      read = await this.database.transaction((tx) => selectChanges(tx, this.place, CHANGES_PER_READ));
      read.forEach((change) => this.apply(change));
      this.place = read.at(-1) ?? this.place;
    } while (read.length === CHANGES_PER_READ);
    this.place = { revision: Math.max(until, this.place.revision) + 1, id: '' };
  }

  private apply({ id, article }: Change): void {
    const before = this.languageOf.get(id);
    const language = article && primaryLanguage(article.locale);
    if (before !== undefined && before !== language) this.languages.get(before)!.replace(id, []);
    if (!language) {
      this.languageOf.delete(id);
      return;
    }
    const corpus = this.languages.get(language) ?? new LanguageCorpus();
    this.languages.set(language, corpus);
    this.languageOf.set(id, language);
    corpus.replace(id, passagesOf(article));
  }

  private clear(bornAt: number): void {
    this.languages.clear();
    this.languageOf.clear();
    this.place = START;
    this.bornAt = bornAt;
  }
}

/** "zh-Hant-TW" → "zh". */
export function primaryLanguage(locale: string): string {
  return locale.toLowerCase().split('-')[0]!;
}
