/**
 * One agent's work: who waits, who they serve, and the conversation in front of them.
 *
 * The desk reads its lists and the open conversation anew whenever the agent's event stream says that something
 * happened, and on a timer, so an event it does not know or missed costs seconds, never a customer.
 */
import { arrived, emptyLog, lastSeq, type ConversationLog, type Entry } from './conversation-log.js';
import type { Correction } from './correction-form.js';
import { randomId } from './dom.js';
import { failureOfError, mayRetry, type Failure } from './failure.js';
import type { Gateway, HandoffRecord, HandoffStep, Presence } from './gateway.js';
import { watch } from './watch.js';

export interface DeskState {
  readonly waiting: readonly HandoffRecord[];
  readonly active: readonly HandoffRecord[];
  /** The handoff in front of the agent, as last listed. */
  readonly open?: HandoffRecord;
  readonly log: ConversationLog;
  /** What the bot of the open conversation understands; empty while that is not known. */
  readonly intents: readonly string[];
  /** Whether the last reading worked. */
  readonly connected: boolean;
  /** What failed of the agent's own doing, until they do something else. */
  readonly failure?: Failure;
}

export interface AgentDeskOptions {
  readonly gateway: Gateway;
  readonly onChange: () => void;
  readonly onKeyRefused: () => void;
}

const pollMs = { withStream: 20_000, alone: 4_000 };

export class AgentDesk {
  state: DeskState = { waiting: [], active: [], log: emptyLog, intents: [], connected: true };
  private readonly life = new AbortController();
  private streaming = false;
  private refreshing?: Promise<void>;
  private stale = false;

  constructor(private readonly options: AgentDeskOptions) {}

  /** Goes online and keeps the desk current for as long as the page lives. */
  async start(): Promise<void> {
    if (!(await this.setPresence('online'))) return;
    void this.follow();
    while (!this.life.signal.aborted) {
      await this.refresh();
      await sleep(this.streaming ? pollMs.withStream : pollMs.alone);
    }
  }

  setPresence(status: Presence): Promise<boolean> {
    return this.attempt(() => this.options.gateway.setPresence(status));
  }

  async show(handoff: HandoffRecord): Promise<void> {
    this.change({ open: handoff, log: emptyLog, intents: [] });
    await Promise.all([this.refresh(), this.readIntents(handoff)]);
  }

  async step(step: HandoffStep): Promise<void> {
    const { open } = this.state;
    if (!open) return;
    await this.attempt(() => this.options.gateway.step(open.id, step));
    await this.refresh();
  }

  /** Resolves with whether the customer will get it. */
  async reply(text: string): Promise<boolean> {
    const { open } = this.state;
    if (!open) return false;
    const taken = await this.attempt(() => this.options.gateway.reply(open.conversationId, text, randomId()));
    await this.refresh();
    return taken;
  }

  /** Says what a customer's message meant. Resolves with whether it was taken. */
  async correct({ seq, text }: Entry, correction: Correction): Promise<boolean> {
    const { gateway } = this.options;
    const { open } = this.state;
    if (!open) return false;
    return this.attempt(async () => {
      const bot = await gateway.botOf(open.conversationId);
      await gateway.correct(bot, `${open.conversationId}:${seq}`, text, correction);
    });
  }

  /** Reads everything again. One reading at a time; what happens meanwhile causes one more. */
  private async refresh(): Promise<void> {
    this.stale = true;
    this.refreshing ??= this.readWhileStale().finally(() => delete this.refreshing);
    await this.refreshing;
  }

  private async readWhileStale(): Promise<void> {
    while (this.stale) {
      this.stale = false;
      try {
        await Promise.all([this.readQueues(), this.readConversation()]);
        this.change({ connected: true });
      } catch (error) {
        const failure = failureOfError(error);
        if (mayRetry(failure)) this.change({ connected: false });
        else this.report(failure);
      }
    }
  }

  private async readQueues(): Promise<void> {
    const { gateway } = this.options;
    const [waiting, active] = await Promise.all([gateway.handoffs('waiting'), gateway.handoffs('active')]);
    const { open, ...state } = this.state;
    const listed = open && [...waiting, ...active].find(({ id }) => id === open.id);
    this.state = state;
    this.change({ waiting, active, ...(listed ? { open: listed } : {}) });
  }

  private async readConversation(): Promise<void> {
    const { open, log } = this.state;
    if (!open) return;
    const messages = await this.options.gateway.messages(open.conversationId, lastSeq(log));
    if (this.state.open?.id !== open.id || messages.length === 0) return;
    this.change({ log: messages.reduce((sofar, message) => arrived(sofar, message), this.state.log) });
  }

  /** Only a help: without the list an agent names the intent. */
  private async readIntents({ conversationId }: HandoffRecord): Promise<void> {
    const { gateway } = this.options;
    const intents = await gateway
      .botOf(conversationId)
      .then((bot) => gateway.intents(bot))
      .catch(() => []);
    if (this.state.open?.conversationId === conversationId) this.change({ intents });
  }

  private async follow(): Promise<void> {
    const { signal } = this.life;
    await watch({
      open: (lastEventId) => this.options.gateway.agentEvents(lastEventId, signal),
      from: '',
      onEvent: () => void this.refresh(),
      onConnected: (connected) => (this.streaming = connected),
      sleep,
      signal,
    });
    this.streaming = false;
  }

  private async attempt(action: () => Promise<void>): Promise<boolean> {
    const { failure: _earlier, ...state } = this.state;
    this.state = state;
    try {
      await action();
      this.options.onChange();
      return true;
    } catch (error) {
      this.report(failureOfError(error));
      return false;
    }
  }

  private report(failure: Failure): void {
    this.change({ failure });
    if (failure.code !== 'unauthorized') return;
    this.life.abort();
    this.options.onKeyRefused();
  }

  private change(change: Partial<DeskState>): void {
    this.state = { ...this.state, ...change };
    this.options.onChange();
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
