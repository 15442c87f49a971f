/** One entry of a conversation as an element, and a list of entries which leaves alone what did not change. */
import { answerElements } from './answer-text.js';
import type { Entry, Source } from './conversation-log.js';
import { button, element, icon } from './dom.js';
import { mayRetry } from './failure.js';
import { sentence, type Texts } from './texts.js';

const thumbUp =
  'M7 10v11M7 10l4-7a2.5 2.5 0 0 1 2.5 3L13 9h5.5a2 2 0 0 1 2 2.4l-1.4 7a2 2 0 0 1-2 1.6H7M7 10H4v11h3';
const thumbDown =
  'M17 14V3M17 14l-4 7a2.5 2.5 0 0 1-2.5-3l.5-3H5.500a2 2 0 0 1-2-2.400l1.400-7a2 2 0 0 1 2-1.600H17M17 14h3V3h-3';

/** What a reader may do with an entry; none of it on the agent's page. */
export interface EntryActions {
  retry(entry: Entry): void;
  /** Resolves with whether the rating was taken. */
  rate(seq: number, rating: 1 | 5): Promise<boolean>;
}

export class EntryList {
  private shown = new Map<string, { entry: Entry; node: HTMLElement }>();

  constructor(
    private readonly container: HTMLElement,
    private t: Texts,
    private readonly actions?: EntryActions,
    /** What stands below a customer's logged message, if anything; kept while nothing about the message changes. */
    private readonly below?: (entry: Entry, t: Texts) => HTMLElement | undefined,
  ) {}

  /** Draws everything anew in another language. */
  speak(t: Texts): void {
    this.t = t;
    this.shown.clear();
  }

  /** Brings the page up to `entries`. Follows the end while the reader is there, or has just written. */
  render(entries: readonly Entry[]): void {
    const { scrollHeight, scrollTop, clientHeight } = this.container;
    const wasAtEnd = scrollHeight - scrollTop - clientHeight < 80;
    const before = this.shown;
    this.shown = new Map(entries.map((entry) => [entry.key, this.draw(entry, before.get(entry.key))]));
    place(
      this.container,
      [...this.shown.values()].map(({ node }) => node),
    );
    const hasWritten = entries.some(({ key, state }) => state === 'sending' && !before.has(key));
    if (wasAtEnd || hasWritten) this.container.scrollTop = this.container.scrollHeight;
  }

  private draw(entry: Entry, before?: { entry: Entry; node: HTMLElement }) {
    if (before?.entry === entry) return before;
    const node = entryElement(entry, this.t, this.actions);
    const below = entry.role === 'customer' && entry.seq !== undefined && this.below?.(entry, this.t);
    if (below) node.append(below);
    return { entry, node };
  }
}

/** Puts `nodes` into `container` in this order and removes all else; a node already in place is not touched. */
function place(container: HTMLElement, nodes: readonly HTMLElement[]): void {
  const wanted = new Set<Element>(nodes);
  for (const child of [...container.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, at) => {
    const there = container.children[at];
    if (there !== node) container.insertBefore(node, there ?? null);
  });
}

function entryElement(entry: Entry, t: Texts, actions?: EntryActions): HTMLElement {
  if (entry.role === 'system') return element('p', { class: 'system' }, entry.text);
  const name = { customer: actions ? t.you : t.customer, bot: t.bot, agent: t.agent }[entry.role];
  const streaming = entry.state === 'streaming';
  return element(
    'article',
    {
      class: `entry ${entry.role} ${entry.state}`,
      'aria-label': name,
      'aria-busy': streaming ? 'true' : undefined,
    },
    entry.role === 'agent' || !actions ? element('p', { class: 'name' }, name) : undefined,
    element('div', { class: 'bubble' }, ...content(entry, t)),
    entry.role === 'bot' && !streaming ? answerFooter(entry, t, actions) : undefined,
    entry.role === 'customer' ? questionFooter(entry, t, actions) : undefined,
  );
}

function content({ role, text, state }: Entry, t: Texts): HTMLElement[] {
  if (state === 'streaming' && text === '') {
    const dots = element(
      'span',
      { class: 'dots', 'aria-hidden': 'true' },
      ...[0, 1, 2].map(() => element('i', {})),
    );
    return [element('p', {}, dots, element('span', { class: 'unseen' }, t.writing))];
  }
  return role === 'bot' ? answerElements(text) : [element('p', {}, text)];
}

/** Label, how the answer came about, its sources and the thumbs. */
function answerFooter(entry: Entry, t: Texts, actions?: EntryActions): HTMLElement {
  const { kind, degraded, sources = [], seq } = entry;
  const kindName = kind === undefined ? undefined : t.kinds[kind];
  return element(
    'footer',
    {},
    element(
      'p',
      { class: 'facts' },
      element('span', { class: 'ai' }, t.aiLabel),
      kindName ? element('span', { class: 'kind' }, kindName) : undefined,
      degraded ? element('span', { class: 'degraded', title: t.degradedMore }, t.degraded) : undefined,
    ),
    actions && seq !== undefined ? thumbs(seq, t, actions) : undefined,
    sources.length > 0 ? sourceList(sources, t) : undefined,
  );
}

function sourceList(sources: readonly Source[], t: Texts): HTMLElement {
  const items = sources.map(({ title, score }) =>
    element(
      'li',
      {},
      element('span', {}, title),
      element(
        'data',
        { value: String(score), title: t.score, 'aria-label': `${t.score} ${score.toFixed(2)}` },
        score.toFixed(2),
      ),
    ),
  );
  return element(
    'details',
    { class: 'sources' },
    element('summary', {}, t.sources(sources.length)),
    element('ol', {}, ...items),
  );
}

function thumbs(seq: number, t: Texts, actions: EntryActions): HTMLElement {
  const said = element('span', { class: 'unseen', role: 'status' });
  const choose = async (chosen: HTMLButtonElement, rating: 1 | 5): Promise<void> => {
    if (!(await actions.rate(seq, rating))) return;
    for (const each of [up, down]) each.setAttribute('aria-pressed', String(each === chosen));
    said.textContent = t.thanks;
  };
  const thumb = (label: string, path: string, rating: 1 | 5): HTMLButtonElement => {
    const attributes = { class: 'thumb', 'aria-label': label, title: label, 'aria-pressed': 'false' };
    const node = button(attributes, () => void choose(node, rating), icon(path));
    return node;
  };
  const up = thumb(t.helpful, thumbUp, 5);
  const down = thumb(t.notHelpful, thumbDown, 1);
  return element('div', { class: 'thumbs' }, up, down, said);
}

function questionFooter(entry: Entry, t: Texts, actions?: EntryActions): HTMLElement | undefined {
  const { failure } = entry;
  if (!failure) return undefined;
  const footer = element(
    'footer',
    { role: 'alert' },
    element('p', { class: 'failure' }, sentence(failure, t)),
  );
  if (!actions || !mayRetry(failure)) return footer;
  const again = button({ class: 'quiet' }, () => actions.retry(entry), t.retry);
  if (failure.retryAfterS !== undefined) {
    again.disabled = true;
    setTimeout(() => (again.disabled = false), failure.retryAfterS * 1_000);
  }
  footer.append(again);
  return footer;
}
