import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { startChat } from '../e2e/contexts/support/websocket-chat.js';
import { describeInBrowser } from '../support/browser.js';

// A browser on a busy machine takes its time.
jest.setTimeout(30_000);

describeInBrowser('sample/websocket in a browser', (platform, open) => {
  let url: string;
  const complaints: string[] = [];

  beforeEach(async () => {
    complaints.length = 0;
    url = await startChat(platform);
  });

  afterEach(() => expect(complaints).toEqual([]));

  it('opens no socket for a stranger, and one for a user who logs in', async () => {
    const page = await visit(await open());
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Who are you?');
    expect(await page.locator('script').count()).toBe(0);
    await logIn(page, 'Tom');
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Hello Tom');
    await state(page, 'Connected. You are the only one here.');
  });

  it('shows each message to all users, under the name in the session of its sender', async () => {
    const [tom, ann] = [await visit(await open(), 'Tom'), await visit(await open(), 'Ann')];
    await state(tom, 'Connected. 2 windows are open.');
    await say(tom, 'Hello!');
    await said(ann, ['Tom Hello!']);
    await say(ann, '<b>Hi</b>');
    for (const page of [tom, ann]) await said(page, ['Tom Hello!', 'Ann <b>Hi</b>']);
  });

  it('closes all sockets of a session at log-out, and no others', async () => {
    const toms = await open();
    const [first, second] = [await visit(toms, 'Tom'), await visit(toms)];
    const ann = await visit(await open(), 'Ann');
    await state(ann, 'Connected. 3 windows are open.');
    await follow(first, first.getByRole('button', { name: 'Log out' }));
    expect(await first.getByRole('heading', { level: 1 }).innerText()).toBe('Who are you?');
    expect(await toms.cookies()).toEqual([]);
    await state(second, 'Disconnected. Logged out.');
    expect(await second.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
    await state(ann, 'Connected. You are the only one here.');
  });

  async function visit(context: BrowserContext, name?: string): Promise<Page> {
    const page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(url);
    if (name !== undefined) await logIn(page, name);
    if ((await page.locator('#state').count()) > 0) await page.getByText(/^Connected/).waitFor();
    return page;
  }
});

async function follow(page: Page, link: Locator): Promise<void> {
  await Promise.all([page.waitForEvent('load'), link.click()]);
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel('Say something').fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

async function said(page: Page, lines: readonly string[]): Promise<void> {
  await page
    .locator('#log li')
    .nth(lines.length - 1)
    .waitFor();
  expect(await page.locator('#log li').allInnerTexts()).toEqual(lines);
}

async function state(page: Page, text: string): Promise<void> {
  await page.locator('#state').getByText(text, { exact: true }).waitFor();
}

async function logIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('Your name').fill(name);
  await follow(page, page.getByRole('button', { name: 'Log in' }));
}
