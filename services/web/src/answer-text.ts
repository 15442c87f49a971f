/** An answer's Markdown as page elements. */
import { element } from './dom.js';
import { parseMarkdown, type Block, type Line } from './markdown.js';

export function answerElements(text: string): HTMLElement[] {
  return parseMarkdown(text).map(blockElement);
}

function blockElement(block: Block): HTMLElement {
  switch (block.type) {
    case 'paragraph':
      return element(
        'p',
        {},
        ...block.lines.flatMap((line, n) => [...(n > 0 ? ['\n'] : []), ...spans(line)]),
      );
    case 'heading':
      return element('p', {}, element('strong', {}, ...spans(block.content)));
    case 'list': {
      const start = block.ordered ? String(block.start) : undefined;
      const items = block.items.map((item) => element('li', {}, ...spans(item)));
      return element(block.ordered ? 'ol' : 'ul', { start }, ...items);
    }
    case 'table': {
      const head = element(
        'tr',
        {},
        ...block.header.map((cell) => element('th', { scope: 'col' }, ...spans(cell))),
      );
      const rows = block.rows.map((row) =>
        element('tr', {}, ...row.map((cell) => element('td', {}, ...spans(cell)))),
      );
      const table = element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows));
      return element('div', { class: 'table' }, table);
    }
  }
}

function spans(line: Line): (Node | string)[] {
  return line.map(({ text, bold }) => (bold ? element('strong', {}, text) : text));
}
