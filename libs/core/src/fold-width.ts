/** Full-width ASCII (U+FF01–FF5E) as ASCII in lower case. The length never changes, so offsets into the text hold. */
export function foldWidth(text: string): string {
  return text
    .replace(/[！-～]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[A-Z]/g, (c) => c.toLowerCase());
}
