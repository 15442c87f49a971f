/**
 * The Markdown which answers may use, as a tree of plain values: paragraphs, lists, tables and bold.
 * Everything else stays the text it is. Links become text, `[title](address)` → `title (address)`, so that no
 * answer can send a customer to a place the shop did not choose. Half-written input (a streaming answer) is fine.
 */

export interface Span {
  readonly text: string;
  readonly bold: boolean;
}
export type Line = readonly Span[];

export type Block =
  | { readonly type: 'paragraph'; readonly lines: readonly Line[] }
  | { readonly type: 'heading'; readonly content: Line }
  | {
      readonly type: 'list';
      readonly ordered: boolean;
      readonly start: number;
      readonly items: readonly Line[];
    }
  | { readonly type: 'table'; readonly header: readonly Line[]; readonly rows: readonly (readonly Line[])[] };

const bullet = /^\s{0,8}[-*+•]\s+(.*)$/;
const numbered = /^\s{0,8}(\d{1,4})[.)、]\s*(\D.*)$/;
const heading = /^#{1,6}\s+(.*?)\s*#*$/;
const tableRow = /^\s*\|.*\|\s*$/;
const tableRule = /^\s*\|(\s*:?-+:?\s*\|)+\s*$/;

export function parseMarkdown(text: string): Block[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const [block, next] = readBlock(lines, at);
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

/** The block that starts at line `at` (none for a blank line), and the line after it. */
function readBlock(lines: readonly string[], at: number): [Block | undefined, number] {
  const line = lines[at] ?? '';
  if (line.trim() === '') return [undefined, at + 1];
  const title = heading.exec(line);
  if (title) return [{ type: 'heading', content: parseLine(title[1] ?? '') }, at + 1];
  if (startsTable(lines, at)) return readTable(lines, at);
  if (bullet.test(line)) return readList(lines, at, bullet);
  if (numbered.test(line)) return readList(lines, at, numbered);
  return readParagraph(lines, at);
}

function readList(lines: readonly string[], at: number, marker: RegExp): [Block, number] {
  const ordered = marker === numbered;
  const items: Line[] = [];
  const first = marker.exec(lines[at] ?? '');
  let next = at;
  for (let item = first; item; item = marker.exec(lines[next] ?? '')) {
    items.push(parseLine(item[ordered ? 2 : 1] ?? ''));
    next += 1;
  }
  return [{ type: 'list', ordered, start: ordered ? Number(first?.[1]) : 1, items }, next];
}

function readTable(lines: readonly string[], at: number): [Block, number] {
  const header = cells(lines[at] ?? '');
  const rows: Line[][] = [];
  let next = at + 2;
  for (; tableRow.test(lines[next] ?? ''); next += 1) {
    const row = cells(lines[next] ?? '');
    rows.push(header.map((_, column) => row[column] ?? []));
  }
  return [{ type: 'table', header, rows }, next];
}

function readParagraph(lines: readonly string[], at: number): [Block, number] {
  const content: Line[] = [];
  let next = at;
  do {
    content.push(parseLine((lines[next] ?? '').trimEnd()));
    next += 1;
  } while (next < lines.length && !startsAnotherBlock(lines, next));
  return [{ type: 'paragraph', lines: content }, next];
}

function startsAnotherBlock(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  const opensBlock = [heading, bullet, numbered].some((marker) => marker.test(line));
  return line.trim() === '' || opensBlock || startsTable(lines, at);
}

function startsTable(lines: readonly string[], at: number): boolean {
  return tableRow.test(lines[at] ?? '') && tableRule.test(lines[at + 1] ?? '');
}

function cells(row: string): Line[] {
  const inner = row.trim().replace(/^\||\|$/g, '');
  return inner.split(/(?<!\\)\|/).map((cell) => parseLine(cell.trim().replaceAll('\\|', '|')));
}

function parseLine(text: string): Line {
  const withoutLinks = text.replace(/!?\[([^\][]*)\]\(([^()\s]*)\)/g, '$1 ($2)');
  return withoutLinks
    .split(/(\*\*\S(?:.*?\S)?\*\*)/)
    .filter((part) => part !== '')
    .map((part) =>
      part.length > 4 && part.startsWith('**') && part.endsWith('**')
        ? { text: part.slice(2, -2), bold: true }
        : { text: part, bold: false },
    );
}
