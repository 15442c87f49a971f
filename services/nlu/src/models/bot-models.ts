/**
 * The models that answer, in memory. A bot's model is loaded when first asked for and stays among the most recently
 * used ones; a new version is swapped in while the old one goes on answering. Every process hears of a new version at
 * once, and finds out by itself within seconds when that notice was lost.
 */
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { AppError, newId, requireTenant, runInContext } from '@frontdesk/core';
import { Log } from '@frontdesk/runtime';
import { Database, KeyValue, type Transaction } from '@frontdesk/store';
import type { Classifier } from '../classifier/classifier.js';
import { decodeClassifier } from '../classifier/classifier-bytes.js';
import { IntentModel } from '../classifier/intent-model.js';
import { runInSlices } from '../classifier/slices.js';
import { NluConfig } from '../config.js';
import { trainEmotions } from '../emotion/emotion-model.js';
import { nluMetrics } from '../metrics.js';
import * as store from './model.store.js';

export interface BotModel {
  /** E.g. `lexical-3`; `lexical-none` for a bot nobody has taught. */
  readonly name: string;
  /** Undefined for a bot nobody has taught. */
  readonly intents: IntentModel | undefined;
  readonly emotions: Classifier;
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
const PREFIX = 'lexical-';

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
    return models.map((model) => ({ ...model, version: nameOf(model.version) }));
  }

  /** Throws `not_found` for a version the bot never had, or no longer has. */
  async activate(bot: string, name: string): Promise<NamedModel> {
    const version = versionOf(name);
    await this.database.transaction(async (tx) => {
      if (version === undefined || !(await store.activateModel(tx, bot, version)))
        throw new AppError('not_found', `There is no model ${name}: list the models of this bot.`);
      this.announce(tx, bot);
    });
    return (await this.list(bot)).find((model) => model.active)!;
  }

  /** Stores a model as the next version, which answers in every process from the commit on. Returns its name. */
  async publish(tx: Transaction, bot: string, model: store.StoredModel): Promise<string> {
    const version = await store.insertActiveModel(tx, bot, model);
    this.announce(tx, bot);
    return nameOf(version);
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
      const version = await store.selectActiveVersion(tx, bot);
      if (version === undefined || (known && version === known.version)) return { version };
      return { version, stored: await store.selectModel(tx, bot, version) };
    });
    // Something was announced meanwhile, perhaps this bot's next version: what was read is checked once more.
    const checkedAt = announcements === this.announcements ? now : ANNOUNCED;
    const unchanged = known && known.version === found.version;
    const model = unchanged ? known.model : this.open(found.version, found.stored);
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

  private open(version: number | undefined, stored: store.StoredModel | undefined): BotModel {
    if (version === undefined || !stored) {
      return { name: `${PREFIX}none`, intents: undefined, emotions: this.builtInEmotions };
    }
    const { intents, threshold, parents, emotions } = stored;
    return {
      name: nameOf(version),
      intents: new IntentModel(decodeClassifier(intents), threshold, parents),
      emotions: emotions ? decodeClassifier(emotions) : this.builtInEmotions,
    };
  }
}

function keyOf(tenantId: string, bot: string): string {
  return `${tenantId}/${bot}`;
}

function nameOf(version: number): string {
  return `${PREFIX}${version}`;
}

function versionOf(name: string): number | undefined {
  const digits = /^lexical-(\d{1,9})$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
