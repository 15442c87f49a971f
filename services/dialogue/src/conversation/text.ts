/** What the text of a message may be, whoever wrote it. */

/** UTF-16 code units. */
export const longestText = 8_000;

/** Everything that storage, a terminal or a log could trip over; line breaks and tabs are text. */
export const controlCharacters = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/;

export function withoutControlCharacters(text: string): string {
  return text.replaceAll(new RegExp(controlCharacters, 'g'), '');
}
