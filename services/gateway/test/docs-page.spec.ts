import { browserIsInstalled, launchBrowser, openPage } from '@frontdesk/testing/browser';
import type { Browser } from 'playwright-core';
import { Stage } from './stage.js';

if (browserIsInstalled()) {
  let stage: Stage;
  let browser: Browser;
  beforeAll(async () => {
    [browser, stage] = await Promise.all([launchBrowser(), Stage.start()]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await stage.stop();
  });

  it('shows every call of the interface, under our content policy and from our origin alone', async () => {
    const { page, incidents } = await openPage(browser, `${stage.url}/docs`);
    await page.getByRole('heading', { name: /Frontdesk/ }).waitFor();
    const calls = page.locator('.opblock-summary');
    await calls.first().waitFor();
    expect(await calls.count()).toBe(stage.routes.length);
    await calls.filter({ hasText: '/v1/conversations/{id}/messages' }).first().click();
    await page.getByText('clientMessageId').first().waitFor();
    expect(incidents).toEqual([]);
  });
} else {
  it.skip('needs a browser', () => undefined);
}
