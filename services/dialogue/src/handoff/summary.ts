import type { Message, Role } from '../conversation/conversation.js';

const newestLines = 6;
const charactersPerLine = 200;

/** How the customer feels, if that matters, and the last lines of the talk, oldest first, for who takes over. */
export function summarise(talk: readonly (Pick<Message, 'text'> & { role: Role })[], mood: string): string {
  const lines = talk.slice(-newestLines).map(({ role, text }) => `${role}: ${shortened(text)}`);
  return (mood ? [`mood: ${mood}`, ...lines] : lines).join('\n');
}

/** Cut between characters, never within a surrogate pair. */
function shortened(text: string): string {
  return text.slice(0, charactersPerLine).replace(/[\uD800-\uDBFF]$/, '');
}
