import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import type { Page } from 'playwright-core';
import { createApp as createPassport } from '../../sample/passport/create-app.js';
import { createApp as createStore } from '../../sample/store/create-app.js';
import { LONGEST_NAME } from '../../sample/login/visitor.js';
import { startChat } from '../e2e/contexts/support/websocket-chat.js';
import { SECRET } from '../support/app.js';
import { describeInBrowser } from '../support/browser.js';
import { startLoginSample } from '../support/sample-app.js';

// A browser on a busy machine takes its time.
jest.setTimeout(60_000);

/** A small phone, a usual one, and a desk. In CSS pixels. */
const SCREENS = [
  { width: 320, height: 568, isMobile: true },
  { width: 390, height: 844, isMobile: true },
  { width: 1280, height: 800, isMobile: false },
];

/** A name that has no place to break, of the widest letter. */
const WIDE_NAME = 'W'.repeat(LONGEST_NAME);

/** What is wrong with the layout of a page. Runs in the browser. */
const COMPLAINTS = `(() => {
  const complaints = [];
  const { clientWidth, scrollWidth } = document.documentElement;
  if (scrollWidth > clientWidth) complaints.push('the page is ' + scrollWidth + ' px wide');
  const main = document.querySelector('main');
  const card = main.getBoundingClientRect();
  const margins = [card.left, clientWidth - card.right].map(Math.round);
  if (margins[0] !== margins[1] || margins[0] < 8) complaints.push('the margins are ' + margins);
  for (const element of main.querySelectorAll('*:not(script)')) {
    const { left, right } = element.getBoundingClientRect();
    const name = element.tagName + ' ' + (element.id || element.textContent.trim().slice(0, 20));
    if (left < card.left || right > card.right) complaints.push(name + ' sticks out');
    // A field scrolls what is typed into it.
    const isCut = element.clientWidth > 0 && element.scrollWidth > element.clientWidth && element.tagName !== 'INPUT';
    if (isCut) complaints.push(name + ' is cut off');
  }
  for (const button of main.querySelectorAll('button, input')) {
    const { height } = button.getBoundingClientRect();
    if (height < 44) complaints.push(button.tagName + ' is only ' + height + ' px high');
  }
  return complaints;
})()`;

describeInBrowser('The pages of the samples', (platform, open) => {
  describe.each(SCREENS)('on a screen of $width px', ({ width, height, isMobile }) => {
    let page: Page;
    let app: INestApplication | undefined;

    beforeEach(async () => {
      process.env.SESSION_SECRET = SECRET;
      const context = await open({ viewport: { width, height }, isMobile });
      page = await context.newPage();
    });

    afterEach(async () => {
      await app?.close();
      app = undefined;
    });

    it('fit: login', async () => {
      await page.goto(await startLoginSample(platform));
      await fits('Hello anonymous');
      await page.reload();
      await fits('Hello anonymous');
      await submit({ 'Your name': WIDE_NAME }, 'Log in');
      await fits(`Hello ${WIDE_NAME}`);
      await submit({}, 'Log out');
      await fits('Hello anonymous');
    });

    it('fit: passport', async () => {
      await visit(await createPassport());
      await fits('Hello anonymous');
      await submit({ Name: WIDE_NAME, Password: 'wrong' }, 'Log in');
      expect(await page.getByRole('alert').innerText()).toContain('password');
      await fits('Hello anonymous');
      await submit({ Name: 'ada', Password: 'lovelace' }, 'Log in');
      await fits('Account of ada');
    });

    it('fit: websocket', async () => {
      await page.goto(await startChat(platform));
      await fits('Who are you?');
      await submit({ 'Your name': WIDE_NAME }, 'Log in');
      await page.getByText(/^Connected/).waitFor();
      await page.getByLabel('Say something').fill(WIDE_NAME);
      await page.getByRole('button', { name: 'Send' }).click();
      await page.locator('#log li').waitFor();
      await fits(`Hello ${WIDE_NAME}`);
    });

    it('fit: store', async () => {
      await visit(await createStore(platform));
      await fits('Who are you?');
      await submit({ 'Your name': WIDE_NAME }, 'Log in');
      await submit({ 'A note': WIDE_NAME.repeat(5) }, 'Keep');
      await fits(`Notes of ${WIDE_NAME}`);
    });

    async function visit(started: INestApplication): Promise<void> {
      app = started;
      await app.listen(0, '127.0.0.1');
      await page.goto(await app.getUrl());
    }

    async function fits(heading: string): Promise<void> {
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(heading);
      expect(await page.evaluate(COMPLAINTS)).toEqual([]);
    }

    async function submit(fields: Readonly<Record<string, string>>, button: string): Promise<void> {
      for (const [label, text] of Object.entries(fields)) await page.getByLabel(label).fill(text);
      await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: button }).click()]);
    }
  });
});
