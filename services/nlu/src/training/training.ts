/**
 * Trains bots in the background, one training per bot at a time in the whole mesh (a lease). A request is a row: it
 * survives the process, and whatever a stopped process left behind is taken up by the next one. The computation runs
 * in small slices, so that utterances are understood meanwhile.
 */
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AppError, isAppError, newId, requireTenant, runInContext } from '@frontdesk/core';
import { Log } from '@frontdesk/runtime';
import { Database, KeyValue, type Lease, type Transaction } from '@frontdesk/store';
import { NluConfig } from '../config.js';
import { Emotions } from '../emotion/emotions.js';
import { nluMetrics } from '../metrics.js';
import { BotModels } from '../models/bot-models.js';
import { refusalOf } from '../models/gate.js';
import { selectSettings } from '../settings/bot-settings.store.js';
import { isTaught, selectEmotions, selectParents, selectUtterances } from '../taxonomy/taxonomy.store.js';
import { trainBot } from './bot-training.js';
import { Readers } from './readers.js';
import * as jobs from './training-job.store.js';

/** A process that stops without a word is missed after this long. */
const LEASE_MS = 30_000;
const RENEW_MS = 10_000;
/** How often work of all tenants that nobody does is looked for. */
const SWEEP_MS = 15_000;

interface Outcome {
  readonly version: string;
  /** Why the version does not answer. */
  readonly refused: string | undefined;
}

@Injectable()
export class Training implements OnApplicationBootstrap, OnModuleDestroy {
  /** One timer or run per tenant and bot of this process. */
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly running = new Map<string, Promise<void>>();
  private readonly upgraded = new Set<string>();
  private sweeper: NodeJS.Timeout | undefined;
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly keyValue: KeyValue,
    private readonly models: BotModels,
    private readonly readers: Readers,
    private readonly emotions: Emotions,
    private readonly config: NluConfig,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.sweep();
    this.sweeper = setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    clearInterval(this.sweeper);
    for (const timer of this.waiting.values()) clearTimeout(timer);
    await Promise.all(this.running.values());
  }

  /**
   * A training that will read what this transaction writes; starts after the commit. What an editor decides answers in
   * any case: it is measured, but neither held back by the gate nor taken back by live messages.
   */
  enqueue(tx: Transaction, bot: string): Promise<string> {
    return this.enqueueAfter(tx, bot, { delayMs: 0, gated: false });
  }

  /** The same for corrections: it waits a moment for further ones, and answers only if it passes the gate. */
  enqueueSoon(tx: Transaction, bot: string): Promise<string> {
    return this.enqueueAfter(tx, bot, { delayMs: this.config.NLU_FEEDBACK_DELAY_MS, gated: true });
  }

  /** The same as `enqueue`, where there is anything to learn from; otherwise undefined. */
  async enqueueIfTaught(tx: Transaction, bot: string): Promise<string | undefined> {
    return (await isTaught(tx, bot)) ? this.enqueue(tx, bot) : undefined;
  }

  /** The training under way, or a new one. Throws `failed_precondition` for a bot nobody has taught. */
  start(bot: string): Promise<string> {
    return this.database.transaction(async (tx) => {
      const open = await jobs.selectOpen(tx, bot);
      if (open !== undefined) return open;
      const started = await this.enqueueIfTaught(tx, bot);
      if (started !== undefined) return started;
      throw new AppError(
        'failed_precondition',
        `There is nothing to train ${bot} from: give it intents first.`,
      );
    });
  }

  /** Trains a bot again which was trained before there was an encoder; once, whatever comes of it. */
  upgrade(bot: string): void {
    const key = `${requireTenant()}/${bot}`;
    if (this.upgraded.has(key)) return;
    this.upgraded.add(key);
    this.start(bot).catch((error: unknown) =>
      this.log.warn('A bot could not be trained with the encoder that is now there.', { error, bot }),
    );
  }

  /** Throws `not_found`. */
  async job(id: string): Promise<jobs.TrainingJob> {
    const job = await this.database.transaction((tx) => jobs.selectJob(tx, id));
    if (!job) throw new AppError('not_found', 'There is no training of this id.');
    return job;
  }

  private async enqueueAfter(
    tx: Transaction,
    bot: string,
    { delayMs, gated }: { readonly delayMs: number; readonly gated: boolean },
  ): Promise<string> {
    const id = await jobs.insertQueued(tx, newId(), bot, gated);
    const tenantId = requireTenant();
    tx.afterCommit(() => this.schedule(tenantId, bot, delayMs));
    return id;
  }

  /** The earlier of two requests decides when it starts, so that steady corrections cannot put it off for ever. */
  private schedule(tenantId: string, bot: string, delayMs: number): void {
    const key = `${tenantId}/${bot}`;
    if (this.stopping || (this.waiting.has(key) && delayMs > 0)) return;
    clearTimeout(this.waiting.get(key));
    const timer = setTimeout(() => {
      this.waiting.delete(key);
      const previous = this.running.get(key) ?? Promise.resolve();
      const run = previous
        // Outside the request that asked: its deadline and its cancellation do not end the training.
        .then(() => runInContext({ requestId: newId(), tenantId }, () => this.work(bot)))
        .catch((error) => this.log.error('A training could not be done.', { error, bot }))
        .finally(() => {
          if (this.running.get(key) === run) this.running.delete(key);
        });
      this.running.set(key, run);
    }, delayMs);
    this.waiting.set(key, timer.unref());
  }

  private sweep(): void {
    this.database
      .system((tx) => jobs.selectAllOpen(tx))
      .then((open) =>
        open.forEach(({ tenantId, bot }) => this.schedule(tenantId, bot, this.config.NLU_FEEDBACK_DELAY_MS)),
      )
      .catch((error) => this.log.warn('Open trainings could not be looked for.', { error }));
  }

  /** Trains until nothing is open; leaves at once when another process does. */
  private async work(bot: string): Promise<void> {
    do {
      const lease = await this.keyValue.acquireLease(`nlu:training:${requireTenant()}:${bot}`, LEASE_MS);
      if (!lease) return;
      const renewing = setInterval(() => this.renew(lease, bot), RENEW_MS).unref();
      try {
        await this.workOff(bot);
      } finally {
        clearInterval(renewing);
        await lease.release();
      }
      // Who asked while the lease was about to be released was turned away by it.
    } while (!this.stopping && (await this.database.transaction((tx) => jobs.selectOpen(tx, bot))));
  }

  private async workOff(bot: string): Promise<void> {
    while (!this.stopping) {
      const claimed = await this.database.transaction((tx) => jobs.claimOpen(tx, bot));
      if (claimed.ids.length === 0) return;
      await this.run(bot, claimed);
    }
  }

  private renew(lease: Lease, bot: string): void {
    lease
      .renew(LEASE_MS)
      .catch((error) => this.log.warn('The lease of a training could not be renewed.', { error, bot }));
  }

  private async run(bot: string, claimed: jobs.Claimed): Promise<void> {
    const stop = nluMetrics.trainingSeconds.startTimer();
    try {
      const { version, refused } = await this.train(bot, claimed);
      nluMetrics.trainings.inc({ status: refused === undefined ? 'succeeded' : 'refused' });
      if (claimed.gated && refused === undefined)
        nluMetrics.correctionSeconds.observe((Date.now() - claimed.askedAt) / 1_000);
      this.log.info('A bot was trained.', { bot, version, refused, seconds: stop() });
    } catch (error) {
      nluMetrics.trainings.inc({ status: 'failed' });
      this.log.error('A training failed.', { error, bot });
      const reason = isAppError(error)
        ? error.message
        : 'The training broke off on our side: start it again.';
      await this.database.transaction((tx) =>
        jobs.finish(tx, claimed.ids, { status: 'failed', version: '', scores: {}, error: reason }),
      );
    }
  }

  private async train(bot: string, { ids, gated }: jobs.Claimed): Promise<Outcome> {
    const taught = await this.database.transaction(async (tx) => ({
      utterances: await selectUtterances(tx, bot),
      parents: await selectParents(tx, bot),
      corrections: await selectEmotions(tx, bot),
      settings: await selectSettings(tx, bot),
    }));
    const parents = Object.fromEntries([...taught.parents].filter(([, parent]) => parent !== ''));
    const before = await this.models.activeOf(bot);
    const trained = await trainBot(
      taught.utterances,
      parents,
      (texts) => this.readers.of(bot, texts, taught.settings.encoder),
      before,
    );
    const emotions =
      taught.corrections.length > 0
        ? await this.emotions.train(taught.corrections, taught.settings.encoder)
        : null;
    const model = { ...trained, emotions, onTrial: gated };
    const margin = taught.settings.gateMargin ?? this.config.NLU_GATE_MARGIN;
    const refused = gated && before ? refusalOf(trained.heldOut, before.heldOut, margin) : undefined;
    return this.database.transaction(async (tx) => {
      if (!(await jobs.lock(tx, ids)))
        throw new AppError('aborted', 'The tenant was erased during the training.');
      const version = await this.models.publish(tx, bot, model, refused);
      const status = refused === undefined ? 'succeeded' : 'failed';
      await jobs.finish(tx, ids, { status, version, scores: trained.scores, error: refused ?? '' });
      return { version, refused };
    });
  }
}
