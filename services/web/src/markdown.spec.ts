import { parseMarkdown } from './markdown.js';

const plain = (text: string) => [{ text, bold: false }];

describe('parseMarkdown', () => {
  it('keeps the line breaks of a paragraph and splits paragraphs at blank lines', () => {
    expect(parseMarkdown('one\ntwo\r\n\r\nthree')).toEqual([
      { type: 'paragraph', lines: [plain('one'), plain('two')] },
      { type: 'paragraph', lines: [plain('three')] },
    ]);
  });

  it('reads bold, and leaves half a bold as it is while the answer streams', () => {
    expect(parseMarkdown('pay **within 7 days** or **ca')).toEqual([
      {
        type: 'paragraph',
        lines: [
          [
            { text: 'pay ', bold: false },
            { text: 'within 7 days', bold: true },
            { text: ' or **ca', bold: false },
          ],
        ],
      },
    ]);
  });

  it('reads lists with bullets, numbers and Chinese numbering right after a paragraph', () => {
    expect(parseMarkdown('步骤：\n1、打开订单\n2、点退款\n- a\n* b')).toEqual([
      { type: 'paragraph', lines: [plain('步骤：')] },
      { type: 'list', ordered: true, start: 1, items: [plain('打开订单'), plain('点退款')] },
      { type: 'list', ordered: false, start: 1, items: [plain('a'), plain('b')] },
    ]);
  });

  it('does not take a decimal or a date for a list', () => {
    expect(parseMarkdown('3.5 kg\n2026.11.02')).toEqual([
      { type: 'paragraph', lines: [plain('3.5 kg'), plain('2026.11.02')] },
    ]);
  });

  it('reads a parameter table, pads short rows and cuts long ones', () => {
    expect(parseMarkdown('| Size | **Weight** |\n|:--|--:|\n| 10\\|12 | 1 kg | x |\n| 14 |\nend')).toEqual([
      {
        type: 'table',
        header: [plain('Size'), [{ text: 'Weight', bold: true }]],
        rows: [
          [plain('10|12'), plain('1 kg')],
          [plain('14'), []],
        ],
      },
      { type: 'paragraph', lines: [plain('end')] },
    ]);
  });

  it('takes a bar without a rule below it for text', () => {
    expect(parseMarkdown('| a | b |')).toEqual([{ type: 'paragraph', lines: [plain('| a | b |')] }]);
  });

  it('turns links and pictures into text and leaves HTML as text', () => {
    const text = 'see [our page](javascript:alert) ![x](http://e.test/a.png) <img src=x onerror=alert(1)>';
    expect(parseMarkdown(text)).toEqual([
      {
        type: 'paragraph',
        lines: [
          plain('see our page (javascript:alert) x (http://e.test/a.png) <img src=x onerror=alert(1)>'),
        ],
      },
    ]);
  });

  it('reads headings', () => {
    expect(parseMarkdown('## Returns ##\ntext')).toEqual([
      { type: 'heading', content: plain('Returns') },
      { type: 'paragraph', lines: [plain('text')] },
    ]);
  });

  it('stays linear on hostile input', () => {
    const text = `${'**a'.repeat(4000)}\n${'[x]('.repeat(4000)}\n${'|'.repeat(8000)}\n${'|-'.repeat(8000)}`;
    expect(parseMarkdown(text).length).toBeGreaterThan(0);
  });
});
