/** The chat page: draws the session's state, passes on what the customer does. */
import type { ChatState } from './chat-session.js';
import { onCompose } from './composer.js';
import { isOpen, moodOf, type ConversationLog, type Handoff } from './conversation-log.js';
import { button, byId } from './dom.js';
import { EntryList, type EntryActions } from './entry-view.js';
import { sentence, type Texts } from './texts.js';
import { moodInFigures, moodInWords, understandingElement } from './understanding-view.js';

export interface ChatActions extends EntryActions {
  send(text: string): void;
  askForPerson(): void;
  startOver(): void;
}

export class ChatView {
  private readonly log = byId('log', HTMLElement);
  private readonly welcome = byId('welcome', HTMLElement);
  private readonly examples = byId('examples', HTMLElement);
  private readonly connection = byId('connection', HTMLElement);
  private readonly status = byId('status', HTMLElement);
  private readonly mood = byId('mood', HTMLElement);
  private readonly failure = byId('failure', HTMLElement);
  private readonly askForPerson = byId('ask-for-person', HTMLButtonElement);
  private readonly newChat = byId('new-chat', HTMLButtonElement);
  private readonly field = byId('message', HTMLTextAreaElement);
  private readonly entries: EntryList;
  private frame?: number;

  constructor(
    private t: Texts,
    private readonly state: () => ChatState,
    private readonly actions: ChatActions,
    /** Labels for whoever runs a demo; a shop's customers are not told what a machine thinks of them. */
    private readonly showUnderstanding: boolean,
  ) {
    const retry: EntryActions['retry'] = (entry) => {
      this.field.focus();
      actions.retry(entry);
    };
    this.entries = new EntryList(this.log, t, { retry, rate: actions.rate }, ({ understanding }, texts) =>
      showUnderstanding && understanding ? understandingElement(understanding, texts) : undefined,
    );
    onCompose(byId('composer', HTMLFormElement), this.field, actions.send);
    this.askForPerson.addEventListener('click', () => actions.askForPerson());
    this.newChat.addEventListener('click', () => {
      actions.startOver();
      this.field.focus();
    });
    this.speak(t);
  }

  speak(t: Texts): void {
    this.t = t;
    document.title = t.chatTitle;
    this.examples.replaceChildren(
      ...t.examples.map((example) => button({ class: 'example' }, () => this.tryExample(example), example)),
    );
    this.entries.speak(t);
    this.changed();
  }

  /** Draws at most once per frame, however fast the tokens come. */
  changed(): void {
    this.frame ??= requestAnimationFrame(() => {
      delete this.frame;
      this.render(this.state());
    });
  }

  private render({ log, resumed, connected, agentTyping, failure }: ChatState): void {
    const { t } = this;
    const empty = log.entries.length === 0;
    this.entries.render(log.entries);
    this.welcome.hidden = !empty || !resumed;
    this.log.hidden = empty;
    this.newChat.hidden = empty;
    this.askForPerson.hidden = isOpen(log.handoff);
    this.connection.hidden = connected;
    this.renderMood(log);
    say(this.failure, failure && sentence(failure, t));
    say(this.status, agentTyping ? t.agentTyping : log.handoff && handoffSentence(log.handoff, t));
  }

  private renderMood(log: ConversationLog): void {
    const mood = this.showUnderstanding ? moodOf(log) : undefined;
    this.mood.textContent = mood ? moodInWords(mood, this.t) : '';
    this.mood.title = mood ? moodInFigures(mood, this.t) : '';
  }

  private tryExample(example: string): void {
    this.field.focus();
    this.actions.send(example);
  }
}

/** Sets a live region only when it changes, so that nothing is read out twice. */
function say(region: HTMLElement, text: string | undefined): void {
  if (region.textContent !== (text ?? '')) region.textContent = text ?? '';
}

function handoffSentence({ status, position }: Handoff, t: Texts): string {
  if (status === 'waiting') return t.waiting(position);
  return status === 'active' ? t.active : t.handedBack;
}
