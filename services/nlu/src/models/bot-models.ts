/**
 * The models that answer, in memory. A bot's model is loaded when first asked for and stays among the most recently
 * used ones; a new version is swapped in while the old one goes on answering. Every process hears of a new version at
 * once, and finds out by itself within seconds when that notice was lost.
 */
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { AppError, newId, requireTenant, runInContext } from '@frontdesk/core';
import { Log } from '@frontdesk/runtime';
import { Database, KeyValue, type Transaction } from '@frontdesk/store';
import { decodeHead, type StoredHead } from '../intent/head-bytes.js';
import { IntentModel } from '../intent/intent-model.js';
import type { Classifier } from '../lexical/classifier.js';
import { decodeClassifier } from '../lexical/classifier-bytes.js';
import { runInSlices } from '../lexical/slices.js';
import { NluConfig } from '../config.js';
import { trainEmotions } from '../emotion/emotion-model.js';
import { nluMetrics } from '../metrics.js';
import { AgreementWatch } from './agreement.js';
import * as store from './model.store.js';

export interface BotModel {
  /** E.g. `neural-3`, `lexical-3`; `lexical-none` for a bot nobody has taught. */
  readonly name: string;
  /** Undefined for a bot nobody has taught. */
  readonly intents: IntentModel | undefined;
  readonly emotions: Classifier;
  /** While the version is young: the one before it, and how far they agree. */
  trial: Trial | undefined;
}

/** What the next training goes on from. */
export interface Predecessor {
  readonly labels: readonly string[];
  readonly heads: ReadonlyMap<string, StoredHead>;
}

export interface ActiveModel extends Predecessor {
  readonly version: number;
  readonly heldOut: store.HeldOutCounts;
}

export interface Trial {
  readonly before: IntentModel;
  readonly watch: AgreementWatch;
}

export interface NamedModel extends Omit<store.ModelSummary, 'version'> {
  readonly version: string;
}

interface Slot {
  readonly model: BotModel;
  readonly version: number | undefined;
  /** When its version was last compared, in milliseconds since the epoch; ANNOUNCED when there may be another. */
  checkedAt: number;
}

const ANNOUNCED = 0;
const CHANNEL = 'nlu:models';
const UNTAUGHT = 'lexical-none';

@Injectable()
export class BotModels implements OnModuleInit, OnModuleDestroy {
  /** Least recently used first. */
  private readonly slots = new Map<string, Slot>();
  private readonly loading = new Map<string, Promise<Slot>>();
  private builtInEmotions!: Classifier;
  private announcements = 0;
  private unsubscribe: (() => Promise<void>) | undefined;

  constructor(
    private readonly database: Database,
    private readonly keyValue: KeyValue,
    private readonly config: NluConfig,
    private readonly log: Log,
  ) {}

  async onModuleInit(): Promise<void> {
    this.builtInEmotions = await runInSlices(trainEmotions([]));
    this.unsubscribe = await this.keyValue.subscribe(CHANNEL, (key) => this.expire(key));
  }

  async onModuleDestroy(): Promise<void> {
    await this.unsubscribe?.();
  }

  /**
   * The model that answers for the current tenant's bot. Looks into the database for the first question, and for the
   * first one after a new version was announced; later ones wait for nothing.
   */
  async of(bot: string): Promise<BotModel> {
    const key = keyOf(requireTenant(), bot);
    const slot = this.slots.get(key);
    if (!slot) return (await this.refresh(key, bot)).model;
    this.slots.delete(key);
    this.slots.set(key, slot);
    if (Date.now() - slot.checkedAt < this.config.NLU_MODEL_RECHECK_MS) return slot.model;
    const refreshed = this.refresh(key, bot).catch((error) => {
      this.log.warn('A model could not be compared with its stored version.', { error, bot });
      return slot;
    });
    return slot.checkedAt === ANNOUNCED ? (await refreshed).model : slot.model;
  }

  /** Newest first. */
  async list(bot: string): Promise<NamedModel[]> {
    const models = await this.database.transaction((tx) => store.selectModels(tx, bot));
    return models.map((model) => ({ ...model, version: nameOf(model.version, model.encoders.length) }));
  }

  /** Makes a version answer; pinned, later ones do not replace it. Throws `not_found` for one the bot does not have. */
  async activate(bot: string, name: string, pinned = false): Promise<NamedModel> {
    const version = versionOf(name);
    await this.database.transaction(async (tx) => {
      if (version === undefined || !(await store.activateModel(tx, bot, version, pinned)))
        throw new AppError('not_found', `There is no model ${name}: list the models of this bot.`);
      this.announce(tx, bot);
    });
    return this.active(bot);
  }

  /** Lets the newest version which passed its gate answer, now and later. Throws `failed_precondition` without one. */
  async unpin(bot: string): Promise<NamedModel> {
    const newest = (await this.list(bot)).find((model) => model.status === 'ready');
    if (!newest)
      throw new AppError('failed_precondition', `${bot} has no version that may answer: train it.`);
    return this.activate(bot, newest.version);
  }

  /** Makes the version before the present one answer. Throws `failed_precondition` when there is none. */
  async rollBack(bot: string): Promise<NamedModel> {
    await this.database.transaction(async (tx) => {
      const active = await store.selectActive(tx, bot);
      const taken = active && (await store.takeBack(tx, bot, active.version, 'Taken back by hand.'));
      if (taken === undefined)
        throw new AppError('failed_precondition', `${bot} has no earlier version to go back to.`);
      this.announce(tx, bot);
    });
    return this.active(bot);
  }

  /** Takes a version back which live traffic disagrees with, unless another process did, or somebody pinned it. */
  async takeBack(bot: string, name: string, note: string): Promise<void> {
    const taken = await this.database.transaction(async (tx) => {
      const active = await store.selectActive(tx, bot);
      if (!active || active.pinned || active.version !== versionOf(name)) return undefined;
      const version = await store.takeBack(tx, bot, active.version, note);
      if (version !== undefined) this.announce(tx, bot);
      return version;
    });
    if (taken === undefined) return;
    nluMetrics.rollbacks.inc();
    this.log.warn('A version was taken back.', { bot, version: name, note });
  }

  /**
   * Stores a model as the next version, which answers in every process from the commit on unless it was refused (why
   * is for an editor) or another one is pinned. Returns its name.
   */
  async publish(tx: Transaction, bot: string, model: store.StoredModel, refused?: string): Promise<string> {
    const version = await store.insertModel(tx, bot, model, refused);
    this.announce(tx, bot);
    return nameOf(version, model.heads.size);
  }

  /** The version that answers, with what the next training goes on from; undefined for a bot without one. */
  async activeOf(bot: string): Promise<ActiveModel | undefined> {
    const found = await this.database.transaction(async (tx) => {
      const active = await store.selectActive(tx, bot);
      return active && { version: active.version, stored: await store.selectModel(tx, bot, active.version) };
    });
    if (!found?.stored) return undefined;
    const { intents, heads, heldOut } = found.stored;
    return {
      version: found.version,
      heldOut,
      labels: decodeClassifier(intents).labels,
      heads: new Map([...heads].map(([encoder, bytes]) => [encoder, decodeHead(bytes)])),
    };
  }

  private async active(bot: string): Promise<NamedModel> {
    return (await this.list(bot)).find((model) => model.active)!;
  }

  /** Drops what is in memory of a tenant that is gone. */
  forget(tenantId: string): void {
    for (const key of this.slots.keys()) if (key.startsWith(keyOf(tenantId, ''))) this.slots.delete(key);
  }

  private announce(tx: Transaction, bot: string): void {
    const key = keyOf(requireTenant(), bot);
    tx.afterCommit(() => {
      this.expire(key);
      this.keyValue
        .notify(CHANNEL, key)
        .catch((error) => this.log.warn('Other processes were not told of a new model.', { error, bot }));
    });
  }

  private expire(key: string): void {
    this.announcements++;
    this.loading.delete(key);
    const slot = this.slots.get(key);
    if (slot) slot.checkedAt = ANNOUNCED;
  }

  /** One look at the database per bot at a time, which nobody's deadline ends for the others. */
  private refresh(key: string, bot: string): Promise<Slot> {
    const under = this.loading.get(key);
    if (under) return under;
    const context = { requestId: newId(), tenantId: requireTenant() };
    const loading = runInContext(context, () => this.load(key, bot)).finally(() => {
      if (this.loading.get(key) === loading) this.loading.delete(key);
    });
    this.loading.set(key, loading);
    return loading;
  }

  private async load(key: string, bot: string): Promise<Slot> {
    const known = this.slots.get(key);
    const { announcements } = this;
    const now = Date.now();
    const found = await this.database.transaction(async (tx) => {
      const active = await store.selectActive(tx, bot);
      const version = active?.version;
      if (version === undefined || (known && version === known.version)) return { version };
      const stored = await store.selectModel(tx, bot, version);
      const before = stored?.previous ? await store.selectModel(tx, bot, stored.previous) : undefined;
      return { version, stored, before: active?.pinned ? undefined : before };
    });
    // Something was announced meanwhile, perhaps this bot's next version: what was read is checked once more.
    const checkedAt = announcements === this.announcements ? now : ANNOUNCED;
    const unchanged = known && known.version === found.version;
    const model = unchanged ? known.model : this.open(found.version, found.stored, found.before);
    const slot = { version: found.version, model, checkedAt };
    this.keep(key, slot);
    return slot;
  }

  private keep(key: string, slot: Slot): void {
    this.slots.delete(key);
    this.slots.set(key, slot);
    for (const oldest of this.slots.keys()) {
      if (this.slots.size <= this.config.NLU_MODELS_IN_MEMORY) break;
      this.slots.delete(oldest);
    }
    nluMetrics.modelsLoaded.set(this.slots.size);
  }

  private open(version?: number, stored?: store.StoredModel, before?: store.StoredModel): BotModel {
    if (version === undefined || !stored)
      return { name: UNTAUGHT, intents: undefined, emotions: this.builtInEmotions, trial: undefined };
    const { emotions, heads, scores } = stored;
    return {
      name: nameOf(version, heads.size),
      intents: intentModelOf(stored),
      emotions: emotions ? decodeClassifier(emotions) : this.builtInEmotions,
      trial: before && trialOf(intentModelOf(before), scores['accuracy']),
    };
  }
}

function intentModelOf({ intents, threshold, parents, heads }: store.StoredModel): IntentModel {
  const decoded = [...heads].map(([encoder, bytes]) => [encoder, decodeHead(bytes).head] as const);
  return new IntentModel(decodeClassifier(intents), threshold, parents, new Map(decoded));
}

/** Without held-out examples nobody can say how much agreement to expect. */
function trialOf(before: IntentModel, accuracy: number | undefined): Trial | undefined {
  if (accuracy === undefined) return undefined;
  return { before, watch: new AgreementWatch(new Set(before.classifier.labels), accuracy) };
}

function keyOf(tenantId: string, bot: string): string {
  return `${tenantId}/${bot}`;
}

function nameOf(version: number, heads: number): string {
  return `${heads > 0 ? 'neural' : 'lexical'}-${version}`;
}

function versionOf(name: string): number | undefined {
  const digits = /^(?:lexical|neural)-(\d{1,9})$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
