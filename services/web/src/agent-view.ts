/** The agent page: draws the desk's state, passes on what the agent does. */
import type { AgentDesk, DeskState } from './agent-desk.js';
import { onCompose } from './composer.js';
import { correctionForm } from './correction-form.js';
import { button, byId, element } from './dom.js';
import { EntryList } from './entry-view.js';
import type { HandoffRecord, HandoffStep, Presence } from './gateway.js';
import { sentence, type Texts } from './texts.js';

const steps: readonly HandoffStep[] = ['accept', 'return', 'close'];

export class AgentView {
  private readonly log = byId('log', HTMLElement);
  private readonly composer = byId('composer', HTMLFormElement);
  private readonly field = byId('message', HTMLTextAreaElement);
  private readonly entries: EntryList;
  private intents: readonly string[] = [];

  constructor(
    private t: Texts,
    private readonly desk: AgentDesk,
  ) {
    this.entries = new EntryList(this.log, t, undefined, (entry, t) =>
      correctionForm(t, 'intents', (correction) => desk.correct(entry, correction)),
    );
    onCompose(this.composer, this.field, (text) => void this.reply(text));
    for (const step of steps) {
      byId(step, HTMLButtonElement).addEventListener('click', () => void this.takeStep(step));
    }
    const presence = byId('presence', HTMLSelectElement);
    presence.addEventListener('change', () => void desk.setPresence(presence.value as Presence));
    this.speak(t);
  }

  speak(t: Texts): void {
    this.t = t;
    document.title = t.agentTitle;
    this.entries.speak(t);
    this.changed();
  }

  changed(): void {
    const { waiting, active, open, log, intents, connected, failure } = this.desk.state;
    this.renderQueue('waiting', waiting, open);
    this.renderQueue('active', active, open);
    this.renderHead(open);
    this.entries.render(log.entries);
    this.renderIntents(intents);
    this.log.hidden = open === undefined;
    this.composer.hidden = open?.status !== 'active';
    byId('hint', HTMLElement).hidden = open !== undefined;
    byId('connection', HTMLElement).hidden = connected;
    byId('failure', HTMLElement).textContent = failure ? sentence(failure, this.t) : '';
  }

  private renderQueue(
    name: 'waiting' | 'active',
    handoffs: readonly HandoffRecord[],
    open: DeskState['open'],
  ): void {
    const list = byId(name, HTMLUListElement);
    const focused = [...list.querySelectorAll('button')].indexOf(document.activeElement as HTMLButtonElement);
    list.replaceChildren(...handoffs.map((handoff) => element('li', {}, this.queued(handoff, open))));
    list.querySelectorAll('button')[focused]?.focus();
    byId(`${name}-count`, HTMLElement).textContent = handoffs.length > 0 ? String(handoffs.length) : '';
    byId(`${name}-none`, HTMLElement).hidden = handoffs.length > 0;
  }

  private queued(handoff: HandoffRecord, open: DeskState['open']): HTMLElement {
    const minutes = Math.floor((Date.now() - Date.parse(handoff.createdAt)) / 60_000);
    return button(
      { class: 'case', 'aria-current': String(handoff.id === open?.id) },
      () => void this.desk.show(handoff),
      element('strong', {}, this.customerName(handoff)),
      element('time', { datetime: handoff.createdAt }, this.t.since(minutes)),
      element('span', { class: 'reason' }, handoff.summary ?? handoff.reason ?? ''),
    );
  }

  private renderHead(open: DeskState['open']): void {
    byId('head', HTMLElement).hidden = open === undefined;
    if (!open) return;
    byId('customer', HTMLElement).textContent = this.customerName(open);
    byId('reason', HTMLElement).textContent = [open.reason, open.skill].filter(Boolean).join(' · ');
    byId('accept', HTMLButtonElement).hidden = open.status !== 'waiting';
    byId('return', HTMLButtonElement).hidden = open.status !== 'active';
    byId('close', HTMLButtonElement).hidden = open.status !== 'active';
  }

  /** Leaves the list alone while it is the same, so that one which is open does not close. */
  private renderIntents(intents: readonly string[]): void {
    if (intents === this.intents) return;
    this.intents = intents;
    const options = intents.map((value) => element('option', { value }));
    byId('intents', HTMLDataListElement).replaceChildren(...options);
  }

  private customerName({ customer }: HandoffRecord): string {
    return customer?.name || `${this.t.customer} ${customer?.id.slice(-4) ?? ''}`.trim();
  }

  private async takeStep(step: HandoffStep): Promise<void> {
    await this.desk.step(step);
    if (step === 'accept') this.field.focus();
  }

  /** A reply that did not get through goes back into the field. */
  private async reply(text: string): Promise<void> {
    if (!(await this.desk.reply(text)) && this.field.value === '') this.field.value = text;
  }
}
