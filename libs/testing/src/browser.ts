/** The Chromium which the system brings, and what every browser test wants to know about a page. */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const executablePath = '/usr/bin/chromium';
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Without a browser: false and a printed line, except where CI promises one. */
export function browserIsInstalled(): boolean {
  if (existsSync(executablePath)) return true;
  if (process.env['CI'] === 'true')
    throw new Error(`No browser at ${executablePath}: install Debian's chromium.`);
  process.stderr.write(`SKIPPED: browser tests, there is no ${executablePath} (apt-get install chromium).\n`);
  return false;
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args });
}

export interface WatchedPage {
  readonly page: Page;
  /** Dialogs, script errors, refused content and requests to other origins. */
  readonly incidents: string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const incidents: string[] = [];
  page.on('dialog', (dialog) => {
    incidents.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => incidents.push(`error: ${error.message}`));
  page.on('console', (line) => {
    if (line.text().includes('Content Security Policy')) incidents.push(line.text());
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) incidents.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return { page, incidents };
}
