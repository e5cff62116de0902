import { beforeEach, expect, it, jest } from '@jest/globals';
import type { BrowserContext, Cookie, Locator, Page } from 'playwright-core';
import { describeInBrowser } from '../support/browser.js';
import { startLoginSample } from '../support/sample-app.js';

const FOURTEEN_DAYS = 14 * 24 * 60 * 60;

// A browser on a busy machine takes its time.
jest.setTimeout(30_000);

describeInBrowser('sample/login in a browser', (platform, open) => {
  let context: BrowserContext;
  let page: Page;
  let url: string;

  beforeEach(async () => {
    url = await startLoginSample(platform);
    context = await open();
    page = await context.newPage();
    await page.goto(url);
  });

  it('greets a stranger, then the user who logs in', async () => {
    expect(await greeting()).toBe('Hello anonymous');
    await logIn('Tom');
    expect(await greeting()).toBe('Hello Tom');
    expect(await page.title()).toBe('Hello Tom');
    expect(new URL(page.url()).pathname).toBe('/');
  });

  it('counts visits, across log-in too', async () => {
    expect(await visits()).toBe(1);
    await page.reload();
    expect(await visits()).toBe(2);
    await logIn('Tom');
    expect(await visits()).toBe(3);
    await page.reload();
    expect(await visits()).toBe(4);
    expect(await greeting()).toBe('Hello Tom');
  });

  it('works without JavaScript', async () => {
    const quiet = await open({ javaScriptEnabled: false });
    page = await quiet.newPage();
    await page.goto(url);
    await logIn('Tom');
    expect(await greeting()).toBe('Hello Tom');
  });

  it('shows a name that is markup as it was typed', async () => {
    await logIn('<script>alert(1)</script>');
    expect(await greeting()).toBe('Hello <script>alert(1)</script>');
    expect(await page.locator('script').count()).toBe(0);
  });

  it('leaves one cookie in the browser, with the flags of the defaults', async () => {
    const before = Date.now() / 1000;
    await page.reload();
    const cookie = await sessionCookie();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', secure: false, path: '/', domain: '127.0.0.1' });
    expect(cookie.expires).toBeGreaterThan(before + FOURTEEN_DAYS - 60);
    expect(cookie.expires).toBeLessThan(before + FOURTEEN_DAYS + 60);
  });

  it('keeps the cookie from scripts', async () => {
    await sessionCookie();
    expect(await page.evaluate('document.cookie')).toBe('');
  });

  it('shows the content of the cookie that came with the request', async () => {
    expect(await verdict()).toContain('has not sent one yet');
    await logIn('Tom');
    const { value } = await sessionCookie();
    await page.reload();
    const [header, payload] = value.split('.').map((part) => Buffer.from(part, 'base64url').toString());
    expect((await page.locator('#token').innerText()).replaceAll(/\s/g, '')).toBe(value);
    expect(await json('#header')).toEqual(JSON.parse(header ?? ''));
    expect(await json('#payload')).toEqual(JSON.parse(payload ?? ''));
    expect(await json('#payload')).toMatchObject({ data: { user: 'Tom', visits: 2 } });
    expect(await verdict()).toContain('its signature is valid');
  });

  it('forgets the user at log-out, and the browser has no cookie any more', async () => {
    await logIn('Tom');
    await follow(page.getByRole('button', { name: 'Log out' }));
    expect(await greeting()).toBe('Hello anonymous');
    expect(await context.cookies()).toEqual([]);
    await follow(page.getByRole('link', { name: 'Visit again' }));
    expect(await greeting()).toBe('Hello anonymous');
    expect(await visits()).toBe(1);
  });

  it.each([
    ['payload', (value: string) => forge(value)],
    ['signature', (value: string) => value.slice(0, -1) + (value.endsWith('A') ? 'E' : 'A')],
    ['form', () => 'nonsense'],
  ])('greets a stranger when the %s of the cookie was changed in the browser', async (_, change) => {
    await logIn('Tom');
    const cookie = await sessionCookie();
    await context.addCookies([{ ...cookie, value: change(cookie.value) }]);
    const response = await page.reload();
    expect(response?.status()).toBe(200);
    expect(await greeting()).toBe('Hello anonymous');
    expect(await verdict()).toContain('the server ignored it');
    expect(await visits()).toBe(1);
  });

  async function logIn(name: string): Promise<void> {
    await page.getByLabel('Your name').fill(name);
    await follow(page.getByRole('button', { name: 'Log in' }));
  }

  /** A click does not wait for the page that it leads to. */
  async function follow(link: Locator): Promise<void> {
    await Promise.all([page.waitForEvent('load'), link.click()]);
  }

  function greeting(): Promise<string> {
    return page.getByRole('heading', { level: 1 }).innerText();
  }

  async function visits(): Promise<number> {
    return Number(await page.locator('#visits').innerText());
  }

  function verdict(): Promise<string> {
    return page.locator('.verdict').innerText();
  }

  async function json(selector: string): Promise<unknown> {
    return JSON.parse(await page.locator(selector).innerText());
  }

  async function sessionCookie(): Promise<Cookie> {
    const cookies = await context.cookies();
    expect(cookies.map(({ name }) => name)).toEqual(['session']);
    const [cookie] = cookies;
    if (cookie === undefined) throw new Error('The browser has no cookie.');
    return cookie;
  }
});

/** The same token, with another user in it. */
function forge(token: string): string {
  const [header, payload = '', signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  claims.data.user = 'admin';
  return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
}
