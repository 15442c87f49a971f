import type { Message, Role } from '../conversation/conversation.js';

const newestLines = 6;
const charactersPerLine = 200;

/** The last lines of the talk, oldest first, for the person who takes over. */
export function summarise(talk: readonly (Pick<Message, 'text'> & { role: Role })[]): string {
  return talk
    .slice(-newestLines)
    .map(({ role, text }) => `${role}: ${shortened(text)}`)
    .join('\n');
}

/** Cut between characters, never within a surrogate pair. */
function shortened(text: string): string {
  return text.slice(0, charactersPerLine).replace(/[\uD800-\uDBFF]$/, '');
}
