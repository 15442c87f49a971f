/**
 * On one socket the reply to a turn comes twice: at the end of the turn, with all that was understood, and in the
 * watch, as a line of the log. This decides which of the two is shown, so that the reader sees each message once,
 * also when a turn breaks off after its reply was logged.
 */
import type { MessageJson } from './conversation.json.js';

interface OwnTurn {
  turnId?: string;
  /** The reply, seen in the watch while the turn was still running. */
  held?: MessageJson;
  /** The turn told its reply itself. */
  told: boolean;
}

const rememberAtMost = 64;

export class OwnTurns {
  private readonly turns = new Map<string, OwnTurn>();

  begin(clientMessageId: string): void {
    this.turns.set(clientMessageId, { told: false });
    if (this.turns.size > rememberAtMost) this.turns.delete(this.turns.keys().next().value!);
  }

  /** Whether the watch shall show this message now. */
  shows(message: MessageJson): boolean {
    const { role, turnId, clientMessageId } = message;
    const asked = role === 'customer' && clientMessageId ? this.turns.get(clientMessageId) : undefined;
    if (asked) {
      if (turnId !== undefined) asked.turnId = turnId;
      return false;
    }
    if (role !== 'bot' || turnId === undefined) return true;
    const [id, turn] = [...this.turns].find(([, own]) => own.turnId === turnId) ?? [];
    if (id === undefined || !turn) return true;
    if (turn.told) this.turns.delete(id);
    else turn.held = message;
    return false;
  }

  /** The turn told its reply: the watch need not. */
  told(clientMessageId: string): void {
    const turn = this.turns.get(clientMessageId);
    if (!turn) return;
    turn.told = true;
    if (turn.held) this.turns.delete(clientMessageId);
  }

  /** The turn ended without a reply; gives the one that was held back, if there is one. */
  failed(clientMessageId: string): MessageJson | undefined {
    const held = this.turns.get(clientMessageId)?.held;
    this.turns.delete(clientMessageId);
    return held;
  }
}
