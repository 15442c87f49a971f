/**
 * The models that answer, in memory. A bot's model is loaded when first asked for and stays among the most recently
 * used ones; a new version is swapped in while the old one goes on answering. Every process hears of a new version at
 * once, and finds out by itself within seconds when that notice was lost.
 */
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { AppError } from '@frontdesk/core';
import { Log } from '@frontdesk/runtime';
import { Database, KeyValue, type Transaction } from '@frontdesk/store';
import { decodeHead, type StoredHead } from '../intent/head-bytes.js';
import { IntentModel } from '../intent/intent-model.js';
import { decodeClassifier } from '../lexical/classifier-bytes.js';
import { BotMemory } from '../bot-memory.js';
import { NluConfig } from '../config.js';
import type { EmotionModel } from '../emotion/emotion-model.js';
import { Emotions } from '../emotion/emotions.js';
import { nluMetrics } from '../metrics.js';
import { AgreementWatch } from './agreement.js';
import * as store from './model.store.js';

export interface BotModel {
  /** E.g. `neural-3`, `lexical-3`; `lexical-none` for a bot nobody has taught. */
  readonly name: string;
  /** Undefined for a bot nobody has taught. */
  readonly intents: IntentModel | undefined;
  /** Undefined while nobody corrected an emotion: the built-in model serves. */
  readonly emotions: EmotionModel | undefined;
  /** While the version is young and nobody chose it: the one before it, and how far they agree. */
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

/** What a process keeps of a bot: the version that answers, and its model. */
interface Loaded {
  readonly version: number | undefined;
  readonly pinned: boolean;
  readonly model: BotModel;
}

const UNTAUGHT = 'lexical-none';

@Injectable()
export class BotModels implements OnModuleInit, OnModuleDestroy {
  private readonly memory: BotMemory<Loaded>;

  constructor(
    private readonly database: Database,
    keyValue: KeyValue,
    private readonly emotions: Emotions,
    config: NluConfig,
    private readonly log: Log,
  ) {
    this.memory = new BotMemory(keyValue, log, {
      channel: 'nlu:models',
      most: config.NLU_MODELS_IN_MEMORY,
      recheckMs: config.NLU_MODEL_RECHECK_MS,
      read: (bot, known) => this.load(bot, known),
    });
  }

  onModuleInit(): Promise<void> {
    return this.memory.open();
  }

  onModuleDestroy(): Promise<void> {
    return this.memory.close();
  }

  /** The model that answers for the current tenant's bot. */
  async of(bot: string): Promise<BotModel> {
    const { model } = await this.memory.of(bot);
    nluMetrics.modelsLoaded.set(this.memory.size);
    return model;
  }

  /** Newest first. */
  async list(bot: string): Promise<NamedModel[]> {
    const models = await this.database.transaction((tx) => store.selectModels(tx, bot));
    return models.map((model) => ({ ...model, version: nameOf(model.version, model.encoders.length) }));
  }

  /** Two versions; `base` empty: the one that answers. Throws `not_found` for one the bot does not have. */
  async pair(
    bot: string,
    base: string,
    candidate: string,
  ): Promise<{ base: NamedModel; candidate: NamedModel }> {
    const models = await this.list(bot);
    const find = (name: string) => {
      const found = models.find((model) => (name === '' ? model.active : model.version === name));
      if (!found) throw noSuchModel(name);
      return found;
    };
    return { base: find(base), candidate: find(candidate) };
  }

  /** Makes a version answer; pinned, later ones do not replace it. Throws `not_found` for one the bot does not have. */
  async activate(bot: string, name: string, pinned = false): Promise<NamedModel> {
    const version = versionOf(name);
    await this.database.transaction(async (tx) => {
      if (version === undefined || !(await store.activateModel(tx, bot, version, pinned)))
        throw noSuchModel(name);
      this.memory.announce(tx, bot);
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
      this.memory.announce(tx, bot);
    });
    return this.active(bot);
  }

  /** Takes a version back which live traffic disagrees with, unless another process did, or somebody pinned it. */
  takeBack(bot: string, name: string, note: string): void {
    this.tryToTakeBack(bot, name, note).catch((error: unknown) =>
      this.log.error('A version could not be taken back.', { error, bot, version: name }),
    );
  }

  private async tryToTakeBack(bot: string, name: string, note: string): Promise<void> {
    const taken = await this.database.transaction(async (tx) => {
      const active = await store.selectActive(tx, bot);
      if (!active || active.pinned || active.version !== versionOf(name)) return undefined;
      const version = await store.takeBack(tx, bot, active.version, note);
      if (version !== undefined) this.memory.announce(tx, bot);
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
  async publish(
    tx: Transaction,
    bot: string,
    model: Omit<store.StoredModel, 'previous'>,
    refused?: string,
  ): Promise<string> {
    const version = await store.insertModel(tx, bot, model, refused);
    this.memory.announce(tx, bot);
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
    this.memory.forget(tenantId);
  }

  private async load(bot: string, known: Loaded | undefined): Promise<Loaded> {
    return this.database.transaction(async (tx) => {
      const active = await store.selectActive(tx, bot);
      const { version, pinned } = active ?? { version: undefined, pinned: false };
      if (known && version === known.version && pinned === known.pinned) return known;
      const stored = version === undefined ? undefined : await store.selectModel(tx, bot, version);
      // What somebody pinned is on trial no longer.
      const before =
        stored?.onTrial && stored.previous && !pinned
          ? await this.before(tx, bot, stored.previous, known)
          : undefined;
      return { version, pinned, model: this.open(version, stored, before) };
    });
  }

  /** Mostly the version that has answered here until now. */
  private async before(
    tx: Transaction,
    bot: string,
    version: number,
    known: Loaded | undefined,
  ): Promise<IntentModel | undefined> {
    if (known?.version === version) return known.model.intents;
    const stored = await store.selectModel(tx, bot, version);
    return stored && intentModelOf(stored);
  }

  private open(version?: number, stored?: store.StoredModel, before?: IntentModel): BotModel {
    if (version === undefined || !stored)
      return { name: UNTAUGHT, intents: undefined, emotions: undefined, trial: undefined };
    const { emotions, heads, scores } = stored;
    return {
      name: nameOf(version, heads.size),
      intents: intentModelOf(stored),
      emotions: emotions ? this.emotions.open(emotions) : undefined,
      trial: before && trialOf(before, scores['accuracy']),
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
  return { before, watch: new AgreementWatch(before.known, accuracy) };
}

function nameOf(version: number, heads: number): string {
  return `${heads > 0 ? 'neural' : 'lexical'}-${version}`;
}

function versionOf(name: string): number | undefined {
  const digits = /^(?:lexical|neural)-(\d{1,9})$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function noSuchModel(name: string): AppError {
  return new AppError('not_found', `There is no model ${name}: list the models of this bot.`);
}
