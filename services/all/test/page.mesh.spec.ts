/**
 * The two pages in a real browser against the whole mesh: a customer asks in two languages, asks for a person, and
 * gets one. `SCREENSHOTS=<folder>` keeps pictures of it.
 */
import { join } from 'node:path';
import { browserIsInstalled, launchBrowser, openPage, type WatchedPage } from '@frontdesk/testing/browser';
import type { Browser, Page } from 'playwright-core';
import { build } from './harness/build.js';
import type { MeshUnderTest } from './harness/mesh-under-test.js';
import { together } from './harness/together.js';

const desktop = { viewport: { width: 1100, height: 900 } };

const entry = (page: Page, role: string, text: string | RegExp) =>
  page.locator(`.entry.${role}.logged .bubble`).filter({ hasText: text }).first().waitFor();

async function ask(page: Page, question: string): Promise<void> {
  await page.getByLabel('Your message').fill(question);
  await page.getByLabel('Your message').press('Enter');
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}

if (browserIsInstalled()) {
  let browser: Browser;
  let mesh: MeshUnderTest;
  const open: WatchedPage[] = [];
  const visit = async (path: string): Promise<Page> => {
    const watched = await openPage(browser, mesh.baseUrl + path, desktop);
    open.push(watched);
    return watched.page;
  };

  beforeAll(async () => {
    build('services/web');
    [browser, mesh] = await Promise.all([launchBrowser(), together()]);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await mesh?.stop();
  }, 60_000);

  it('a customer asks, gets answers with their sources, then a person, then the bot again', async () => {
    const chat = await visit('/');
    await ask(chat, '密码想不起来咯');
    await entry(chat, 'bot', '验证码');
    await chat.getByText('1 source').click();
    expect(await chat.locator('.sources li').innerText()).toContain('忘记密码、重置密码');
    await ask(chat, 'Where is my order A1001?');
    await entry(chat, 'bot', '75401223857761');
    await ask(chat, '我的订单A1004怎么还没到');
    await entry(chat, 'bot', 'A1004');
    await picture(chat, 'chat');

    const desk = await visit('/agent');
    await chat.getByRole('button', { name: 'Ask for a person' }).click();
    await chat.locator('#status').filter({ hasText: 'in line for a person' }).waitFor();
    await desk.locator('#waiting .case').click();
    await entry(desk, 'customer', '密码想不起来咯');
    await desk.getByRole('button', { name: 'Accept' }).click();
    await chat.locator('#status').filter({ hasText: 'You are talking with a person.' }).waitFor();
    await desk.getByLabel('Your reply').fill('Hello, I am looking into your order.');
    await desk.getByLabel('Your reply').press('Enter');
    await entry(chat, 'agent', 'I am looking into your order.');
    await ask(chat, 'Thank you');
    await entry(desk, 'customer', 'Thank you');
    await picture(chat, 'person');
    await picture(desk, 'desk');

    await desk.getByRole('button', { name: 'Return to bot' }).click();
    await chat.locator('#status').filter({ hasText: 'The assistant answers again.' }).waitFor();
    await ask(chat, 'do you take visa');
    await entry(chat, 'bot', /visa/i);

    await chat.reload();
    await entry(chat, 'bot', /visa/i);
    expect(await chat.locator('.entry.customer .bubble').allInnerTexts()).toEqual([
      '密码想不起来咯',
      'Where is my order A1001?',
      '我的订单A1004怎么还没到',
      'Thank you',
      'do you take visa',
    ]);
    expect(open.flatMap(({ incidents }) => incidents)).toEqual([]);
  }, 60_000);
} else {
  it('runs where a browser is installed', () => undefined);
}
