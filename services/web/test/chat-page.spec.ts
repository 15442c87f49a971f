/** The customer's page in a real browser, built as it is shipped, against a gateway under the test's hand. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { browserIsInstalled, launchBrowser, openPage } from '@frontdesk/testing/browser';
import { FakeGateway } from './fake-gateway.js';

const root = join(import.meta.dirname, '../../..');

const field = (page: Page) => page.getByLabel('Your message');
const entries = (page: Page, role: string) => page.locator(`.entry.${role} .bubble`);
const status = (page: Page) => page.locator('#status');
const text = (page: Page, selector: string, expected: string) =>
  page.locator(selector).filter({ hasText: expected }).first().waitFor();

async function ask(page: Page, question: string): Promise<void> {
  await field(page).fill(question);
  await field(page).press('Enter');
}

/** Resolves once `condition` holds. Polls, so that no test depends on how fast the machine is. */
async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Still not: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

if (browserIsInstalled()) {
  let browser: Browser;
  let gateway: FakeGateway;
  let address: string;
  const open: Awaited<ReturnType<typeof openPage>>[] = [];

  const visit = async (path = '/', options?: BrowserContextOptions) => {
    const watched = await openPage(browser, address + path, options);
    open.push(watched);
    return watched.page;
  };

  beforeAll(async () => {
    execFileSync(process.execPath, [join(root, 'node_modules/.bin/tsc'), '-b', 'services/web'], {
      cwd: root,
    });
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    gateway = new FakeGateway();
    address = await gateway.listen();
  });
  afterEach(async () => {
    const incidents = open.flatMap((watched) => watched.incidents);
    for (const { page } of open.splice(0)) await page.context().close();
    await gateway.close();
    expect(incidents).toEqual([]);
  });

  describe('an answer', () => {
    it('is shown token by token, then with its label, kind and sources', async () => {
      let release = (): void => undefined;
      const hold = new Promise<void>((resolve) => (release = resolve));
      const sources = [
        { id: 'a1', title: 'Delivery times', score: 0.912 },
        { id: 'a2', title: 'Couriers', score: 0.5 },
      ];
      gateway.answer = () => ({
        tokens: ['Two ', 'to **four** days.'],
        kind: 'faq',
        degraded: true,
        hold,
        sources,
      });
      const page = await visit();
      await ask(page, 'How long?');
      await text(page, '.entry.streaming .bubble', 'Two');
      expect(await entries(page, 'bot').innerText()).toBe('Two');
      release();
      await text(page, '.entry.logged .bubble', 'Two to four days.');
      expect(await entries(page, 'bot').locator('strong').innerText()).toBe('four');
      expect(await page.locator('.facts span').allInnerTexts()).toEqual([
        'AI-generated',
        'FAQ',
        'Simplified answer',
      ]);
      await page.getByText('2 sources').click();
      expect(await page.locator('.sources li').allInnerTexts()).toEqual([
        'Delivery times\n0.91',
        'Couriers\n0.50',
      ]);
      expect(await entries(page, 'customer').allInnerTexts()).toEqual(['How long?']);
    });

    it('shows parameter tables and lists as such', async () => {
      gateway.answer = () => ({ tokens: ['| Model | Weight |\n|---|---|\n| K2 | 1.2 kg |\n\n- a\n- b'] });
      const page = await visit();
      await ask(page, 'K2?');
      await entries(page, 'bot').locator('td').first().waitFor();
      expect(await entries(page, 'bot').locator('th, td').allInnerTexts()).toEqual([
        'Model',
        'Weight',
        'K2',
        '1.2 kg',
      ]);
      expect(await entries(page, 'bot').locator('li').count()).toBe(2);
    });

    it('can be rated', async () => {
      const page = await visit();
      await ask(page, 'hi');
      await page.getByRole('button', { name: 'Not helpful' }).click();
      await page.locator('.thumb[aria-pressed=true]').waitFor();
      expect(gateway.feedback).toEqual([{ rating: 1, messageSeq: 2 }]);
      await page.getByRole('button', { name: 'Helpful', exact: true }).click();
      await eventually(() => gateway.feedback.length === 2);
      expect(gateway.feedback[1]).toEqual({ rating: 5, messageSeq: 2 });
    });
  });

  describe('what was understood', () => {
    const label = (name: string, confidence: number) => ({ name, confidence });
    const understanding = {
      language: 'en',
      intent: label('order_cancel', 0.91),
      emotion: label('angry', 0.8),
      entities: [],
      requests: [
        { intent: label('order_cancel', 0.91), start: 0, end: 16 },
        { intent: label('invoice_request', 0.72), start: 17, end: 44 },
      ],
      tier: 'neural',
      mood: { level: -0.42, slope: -0.2 },
    };
    const summary = (page: Page) => page.locator('.understood summary');
    beforeEach(() => {
      gateway.answer = () => ({ tokens: ['Done.'], understanding });
    });

    it('stands below the question and unfolds by keyboard, with the mood above the field', async () => {
      gateway.config = { ...gateway.config, showUnderstanding: true };
      const page = await visit();
      await ask(page, 'Cancel my order! And send me the invoice');
      await text(page, '.entry.logged .bubble', 'Done.');
      await summary(page).waitFor();
      expect(await summary(page).locator('span').allInnerTexts()).toEqual([
        'Understood as',
        'Order cancel',
        'Invoice request',
        'Angry',
      ]);
      expect(await page.locator('.understood dl').isVisible()).toBe(false);
      await summary(page).focus();
      await page.keyboard.press('Enter');
      expect(await page.locator('.understood dl').innerText()).toBe(
        [
          ['Intent', 'Order cancel 91%'],
          ['Intent', 'Invoice request 72%'],
          ['Emotion', 'Angry 80%'],
          ['Language', 'English'],
          ['Read by', 'neural model'],
        ]
          .flat()
          .join('\n'),
      );
      const mood = page.locator('#mood');
      expect(await mood.innerText()).toBe('Mood: displeased, getting worse ↘');
      expect(await mood.getAttribute('title')).toBe('Level −0.42, −0.20 per message');

      await page.locator('#language').click();
      await summary(page).getByText('取消订单').waitFor();
      expect(await mood.innerText()).toBe('客户情绪：不满，正在变差 ↘');
      await page.locator('#new-chat').click();
      await eventually(async () => (await mood.innerText()) === '');
    });

    it('is kept from customers unless the page is told to show it', async () => {
      const page = await visit();
      await ask(page, 'Cancel my order!');
      await text(page, '.entry.logged .bubble', 'Done.');
      expect(await page.locator('.understood').count()).toBe(0);
      expect(await page.locator('#mood').innerText()).toBe('');
    });
  });

  describe('a broken answer', () => {
    it('can be asked for again without doubling anything', async () => {
      let cut = (): void => undefined;
      const hold = new Promise<void>((resolve) => (cut = resolve));
      gateway.answer = () => ({ tokens: ['Half'], hold, cut: 'unanswered' });
      const page = await visit();
      await ask(page, 'Where is A1001?');
      await text(page, '.entry.streaming .bubble', 'Half');
      cut();
      await text(page, '.entry.failed .failure', 'The connection broke before the answer was complete.');
      expect(await entries(page, 'bot').count()).toBe(0);
      gateway.answer = () => ({ tokens: ['On its way.'] });
      await page.getByRole('button', { name: 'Try again' }).click();
      await text(page, '.entry.logged .bubble', 'On its way.');
      expect(gateway.log()).toEqual(['customer: Where is A1001?', 'bot: On its way.']);
      expect(await page.locator('.entry .bubble').allInnerTexts()).toEqual([
        'Where is A1001?',
        'On its way.',
      ]);
      expect(await page.locator('.entry .failure').count()).toBe(0);
    });

    it('heals by itself when the watch brings the answer', async () => {
      gateway.answer = () => ({ tokens: ['On its way.'], cut: 'answered' });
      const page = await visit();
      await ask(page, 'Where is A1001?');
      await text(page, '.entry.logged .bubble', 'On its way.');
      await eventually(async () => (await page.locator('.entry .failure').count()) === 0);
      expect(await page.locator('.entry .bubble').allInnerTexts()).toEqual([
        'Where is A1001?',
        'On its way.',
      ]);
    });

    it('says how long to wait when there were too many messages', async () => {
      gateway.limitNextS = 2;
      const page = await visit();
      await ask(page, 'hi');
      await text(page, '.entry.failed .failure', 'Too many messages at once. Please try again in 2 seconds.');
      const retry = page.getByRole('button', { name: 'Try again' });
      expect(await retry.isEnabled()).toBe(false);
      await retry.click();
      await text(page, '.entry.logged .bubble', 'You said: hi');
      expect(gateway.log()).toEqual(['customer: hi', 'bot: You said: hi']);
    });

    it('keeps the message when nobody can be reached', async () => {
      const page = await visit();
      await page.context().setOffline(true);
      await ask(page, 'hi');
      await text(page, '.entry.failed .failure', 'We could not be reached.');
      await page.context().setOffline(false);
      await page.getByRole('button', { name: 'Try again' }).click();
      await text(page, '.entry.logged .bubble', 'You said: hi');
      expect(gateway.log()).toEqual(['customer: hi', 'bot: You said: hi']);
    });
  });

  describe('a conversation', () => {
    it('goes on after a reload, and shows what was said meanwhile', async () => {
      const page = await visit();
      await ask(page, 'one');
      await text(page, '.entry.logged .bubble', 'You said: one');
      await ask(page, 'two');
      await text(page, '.entry.logged .bubble', 'You said: two');
      await page.goto('about:blank');
      gateway.append(gateway.conversation, 'agent', 'Still there?');
      await page.goto(address);
      await text(page, '.entry.agent .bubble', 'Still there?');
      const all = ['one', 'You said: one', 'two', 'You said: two', 'Still there?'];
      expect(await page.locator('.entry .bubble').allInnerTexts()).toEqual(all);
      expect(await status(page).innerText()).toBe('You are talking with a person.');
    });

    it('loses and doubles nothing when the watch breaks', async () => {
      const page = await visit();
      await ask(page, 'one');
      await text(page, '.entry.logged .bubble', 'You said: one');
      await eventually(() => gateway.conversation.watchers.size === 1);
      gateway.dropWatches();
      gateway.append(gateway.conversation, 'agent', 'While you were away');
      await text(page, '.entry.agent .bubble', 'While you were away');
      expect(await page.locator('.entry .bubble').count()).toBe(3);
    });

    it('starts anew where the old one is unknown', async () => {
      const page = await visit();
      await ask(page, 'one');
      await text(page, '.entry.logged .bubble', 'You said: one');
      gateway.conversations.clear();
      await ask(page, 'two');
      await text(page, '.entry.logged .bubble', 'You said: two');
      expect(gateway.log()).toEqual(['customer: two', 'bot: You said: two']);
      expect(await page.locator('.entry .bubble').allInnerTexts()).toEqual(['two', 'You said: two']);
    });

    it('can be left for a new one', async () => {
      const page = await visit();
      await ask(page, 'one');
      await text(page, '.entry.logged .bubble', 'You said: one');
      await page.getByRole('button', { name: 'New chat' }).click();
      await page.getByText('How can we help?').waitFor();
      await page.getByRole('button', { name: 'Where is my order?' }).click();
      await text(page, '.entry.logged .bubble', 'You said: Where is my order?');
      expect([...gateway.conversations.values()].map(({ customer }) => customer.id)).toEqual(
        Array(2).fill(expect.stringMatching(/^[0-9a-f]{32}$/)),
      );
      expect(new Set([...gateway.conversations.values()].map(({ customer }) => customer.id)).size).toBe(1);
    });
  });

  describe('a handoff', () => {
    it('shows the place in line, the person, their typing and words, and the way back', async () => {
      const page = await visit();
      await page.getByRole('button', { name: 'Ask for a person' }).click();
      await text(page, '#status', 'You are number 2 in line for a person.');
      expect(await page.getByRole('button', { name: 'Ask for a person' }).isVisible()).toBe(false);
      await eventually(() => gateway.conversation.watchers.size === 1);
      gateway.moveHandoff(gateway.conversation, { position: 1 });
      await text(page, '#status', 'You are number 1 in line for a person.');
      gateway.moveHandoff(gateway.conversation, { status: 'active' });
      await text(page, '#status', 'You are talking with a person.');
      gateway.tell(gateway.conversation, 'typing', { role: 'agent' });
      await text(page, '#status', 'The agent is typing…');
      gateway.append(gateway.conversation, 'agent', 'Hello, I am here.');
      await text(page, '.entry.agent .bubble', 'Hello, I am here.');
      await text(page, '#status', 'You are talking with a person.');
      await ask(page, 'thanks');
      await text(page, '.entry.customer.logged .bubble', 'thanks');
      expect(await entries(page, 'bot').count()).toBe(0);
      gateway.moveHandoff(gateway.conversation, { status: 'closed' });
      await text(page, '#status', 'The assistant answers again.');
      await ask(page, 'bye');
      await text(page, '.entry.bot.logged .bubble', 'You said: bye');
      expect(await status(page).innerText()).toBe('');
    });
  });

  describe('hostile text', () => {
    const payloads = [
      '<img src=x onerror=alert(1)>',
      '<script>alert(2)</script>',
      '"><svg onload=alert(3)>',
      '[click](javascript:alert(4))',
      '| <iframe src="javascript:alert(5)"> |\n|---|\n| **<b onmouseover=alert(6)>** |',
      '<a href="https://evil.example/">x</a> ![x](https://evil.example/x.png)',
    ];

    it('stays text, whoever wrote it', async () => {
      const sources = payloads.map((title, n) => ({ id: String(n), title, score: 1 }));
      gateway.answer = (question) => ({ tokens: [question], sources });
      const page = await visit();
      for (const payload of payloads) {
        await ask(page, payload);
        await page.locator('.entry.bot.logged').nth(payloads.indexOf(payload)).waitFor();
        gateway.append(gateway.conversation, 'agent', payload);
      }
      gateway.append(gateway.conversation, 'system', payloads[0]!);
      for (const read of ['live', 'from the log']) {
        if (read === 'from the log') await page.reload();
        await page.locator('.system').waitFor();
        expect(await entries(page, 'bot').count()).toBe(payloads.length);
        expect(await page.locator('#log :is(img, script, iframe, a, b, svg:not(.icon))').count()).toBe(0);
      }
    });
  });

  describe('the page', () => {
    it('speaks the language of the browser, and the other one on request', async () => {
      const page = await visit('/', { locale: 'zh-CN' });
      await page.getByText('您好，请问有什么可以帮您？').waitFor();
      expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
      await page.getByLabel('您的消息').fill('你好');
      await page.getByRole('button', { name: '发送' }).click();
      await text(page, '.facts', 'AI 生成');
      await page.getByRole('button', { name: 'Switch to English' }).click();
      await text(page, '.facts', 'AI-generated');
      await page.reload();
      await page.getByRole('button', { name: 'Ask for a person' }).waitFor();
      expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
    });

    it('can be used by keyboard alone', async () => {
      const page = await visit();
      await page.getByText('How can we help?').waitFor();
      await page.keyboard.type('line one');
      await page.keyboard.press('Shift+Enter');
      await page.keyboard.type('line two');
      await page.keyboard.press('Enter');
      await page.locator('.entry.bot.logged').waitFor();
      expect(gateway.log()[0]).toBe('customer: line one\nline two');
      const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
      for (let n = 0; n < 10 && (await focused()) !== 'Helpful'; n += 1)
        await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Enter');
      await eventually(() => gateway.feedback.length === 1);
      expect(await focused()).toBe('Helpful');
    });

    it('does not send while an input method is choosing characters', async () => {
      const page = await visit();
      await field(page).fill('ni hao');
      await field(page).dispatchEvent('keydown', { key: 'Enter', isComposing: true });
      expect(await field(page).inputValue()).toBe('ni hao');
      expect(gateway.conversations.size).toBe(0);
    });

    it('scrolls its messages and not the page', async () => {
      const page = await visit('/', { viewport: { width: 800, height: 480 } });
      for (const question of ['one', 'two', 'three', 'four', 'five']) {
        await ask(page, question);
        await text(page, '.entry.bot.logged .bubble', question);
      }
      expect(await page.locator('#log').evaluate((log) => log.scrollHeight > log.clientHeight)).toBe(true);
      expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(480);
    });

    it.each([320, 1280])('fits a width of %i pixels', async (width) => {
      gateway.answer = () => ({
        tokens: [
          `${'x'.repeat(300)}\n\n| ${'column | '.repeat(12)}\n|${'---|'.repeat(12)}\n| ${'value | '.repeat(12)}`,
        ],
      });
      const page = await visit('/', { viewport: { width, height: 640 } });
      await ask(page, 'https://example.test/'.padEnd(300, 'y'));
      await page.locator('.entry.bot.logged table').waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      expect(await page.locator('#log').evaluate((log) => log.scrollWidth - log.clientWidth)).toBe(0);
    });

    it('takes its key from the address, and removes it there', async () => {
      gateway.config = undefined;
      const page = await visit('/#key=fd_channel_test');
      await page.getByText('How can we help?').waitFor();
      await ask(page, 'hi');
      await text(page, '.entry.logged .bubble', 'You said: hi');
      expect(page.url()).toBe(`${address}/`);
    });

    it('asks for a key where it has none, and again when it is refused', async () => {
      gateway.config = undefined;
      const page = await visit();
      await page.getByLabel('Key', { exact: true }).fill('fd_channel_wrong');
      await page.getByRole('button', { name: 'Continue' }).click();
      await ask(page, 'hi');
      await page.getByText('This key was refused.').waitFor();
      await page.getByLabel('Key', { exact: true }).fill('fd_channel_test');
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByText('How can we help?').waitFor();
      await ask(page, 'hi');
      await text(page, '.entry.logged .bubble', 'You said: hi');
    });
  });

  describe('the agent page', () => {
    it('takes a waiting customer, answers, and gives the conversation back', async () => {
      const customer = await visit();
      await ask(customer, 'My order is late');
      await text(customer, '.entry.logged .bubble', 'You said: My order is late');
      const page = await visit('/agent');
      await page.getByText('Nobody is waiting.').waitFor();
      expect(gateway.presences).toEqual([
        { status: 'online', skills: [], languages: ['zh', 'en'], capacity: 5 },
      ]);
      gateway.conversation.customer.name = '<img src=x onerror=alert(7)>';
      await customer.getByRole('button', { name: 'Ask for a person' }).click();
      await page.locator('#waiting .case').click();
      await text(page, '.entry.customer .bubble', 'My order is late');
      expect(await page.locator('#customer').innerText()).toBe('<img src=x onerror=alert(7)>');
      await page.getByRole('button', { name: 'Accept' }).click();
      await page.locator('#active .case').waitFor();
      await page.getByLabel('Your reply').fill('I look into it.');
      await page.getByLabel('Your reply').press('Enter');
      await text(customer, '.entry.agent .bubble', 'I look into it.');
      await ask(customer, 'Thank you');
      await text(page, '.entry.customer .bubble', 'Thank you');
      await page.getByRole('button', { name: 'Return to bot' }).click();
      await page.getByText('No conversation yet.').waitFor();
      await text(customer, '#status', 'The assistant answers again.');
    });

    const openWaiting = async (question: string, options?: BrowserContextOptions): Promise<Page> => {
      const customer = await visit();
      await ask(customer, question);
      await text(customer, '.entry.logged .bubble', `You said: ${question}`);
      gateway.requestHandoff(gateway.conversation);
      const page = await visit('/agent', options);
      await page.locator('#waiting .case').click();
      await text(page, '.entry.customer .bubble', question);
      return page;
    };

    it('corrects what was understood of a customer: a known intent, a new one, an emotion', async () => {
      const page = await openWaiting('give it back');
      await eventually(async () => (await page.locator('#intents option').count()) === 2);
      expect(await page.locator('.correction').count()).toBe(1);
      await page.getByText('Understood wrongly?').click();
      await page.getByRole('button', { name: 'Save' }).click();
      expect(gateway.corrections).toEqual([]);
      const about = { bot: 'shop', messageId: 'c1:1', text: 'give it back' };

      await page.getByLabel('Intent').fill('Gift card');
      await page.getByLabel('Intent').press('Enter');
      await text(page, '.correction [role=status]', 'Saved.');
      await page.getByText('Understood wrongly?').click();
      await page.getByLabel('Intent').fill('');
      await page.getByLabel('Emotion').selectOption({ label: 'Angry' });
      await page.getByRole('button', { name: 'Save' }).click();
      await eventually(() => gateway.corrections.length === 2);
      expect(gateway.corrections).toEqual([
        { ...about, intent: 'gift_card' },
        { ...about, emotion: 'angry' },
      ]);
    });

    it('keeps a correction in the form when it was refused, and says why', async () => {
      const page = await openWaiting('还给我', { locale: 'zh-CN' });
      gateway.refuseCorrection = 'intent: is too odd.';
      await page.getByText('识别有误？').click();
      await page.getByLabel('意图').fill('退货');
      await page.getByRole('button', { name: '保存' }).click();
      await text(page, '#failure', 'intent: is too odd.');
      expect(await page.getByLabel('意图').inputValue()).toBe('退货');
      await page.getByRole('button', { name: '保存' }).click();
      await text(page, '.correction [role=status]', '已保存');
      expect(gateway.corrections).toMatchObject([{ intent: '退货' }]);
    });
  });
} else {
  it('runs where a browser is installed', () => undefined);
}
