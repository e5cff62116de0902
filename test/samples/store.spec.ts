import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import type { Page } from 'playwright-core';
import { createApp } from '../../sample/store/create-app.js';
import { describeOnEachPlatform, type Platform, SECRET } from '../support/app.js';
import { describeInBrowser } from '../support/browser.js';
import { Client } from '../support/client.js';
import { form } from '../support/form.js';
import { startPostgres } from '../support/postgres-server.js';
import { findProgram } from '../support/programs.js';
import { startRedis } from '../support/redis-server.js';
import { startSample } from '../support/sample-process.js';

// A browser on a busy machine takes its time.
jest.setTimeout(60_000);

const LONG = 'ä'.repeat(2000);
let app: INestApplication | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function start(platform: Platform): Promise<string> {
  process.env.SESSION_SECRET = SECRET;
  app = await createApp(platform);
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

describeInBrowser('sample/store in a browser', (platform, open) => {
  let url: string;
  let page: Page;

  beforeEach(async () => {
    url = await start(platform);
    page = await (await open()).newPage();
    await page.goto(url);
    await page.getByLabel('Your name').fill('Tom');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Notes of Tom' }).waitFor();
  });

  it('keeps more than a cookie holds, under a cookie whose size stays as it is', async () => {
    const before = await number('#cookie');
    for (let count = 1; count <= 3; count++) {
      await page.getByLabel('A note').fill(LONG);
      await page.getByRole('button', { name: 'Keep' }).click();
      await page.locator(`#notes li:nth-child(${count})`).waitFor();
    }
    expect(await page.locator('#notes li').first().innerText()).toBe(LONG);
    expect(await number('#data')).toBeGreaterThan(12_000);
    expect(await number('#cookie')).toBe(before);
    expect(before).toBeLessThan(300);
  });

  it('logs every copy of the cookie out', async () => {
    const copy = await open();
    await copy.addCookies(await page.context().cookies());
    const other = await copy.newPage();
    await other.goto(url);
    await other.getByRole('heading', { name: 'Notes of Tom' }).waitFor();
    await page.getByRole('button', { name: /^Log out/ }).click();
    await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
    await other.reload();
    expect(await other.getByRole('heading', { level: 1 }).innerText()).toBe('Who are you?');
  });

  it('shows a note that is markup as it was typed', async () => {
    await page.getByLabel('A note').fill('<b>Hi</b>');
    await page.getByRole('button', { name: 'Keep' }).click();
    expect(await page.locator('#notes li').innerText()).toBe('<b>Hi</b>');
  });

  async function number(selector: string): Promise<number> {
    return Number(await page.locator(selector).innerText());
  }
});

describeOnEachPlatform('sample/store', (platform) => {
  it.each([
    ['a note of a stranger', undefined, 'a note'],
    ['an empty note', 'Tom', ' '],
    ['a note that is too long', 'Tom', 'x'.repeat(2001)],
  ])('refuses %s', async (_, name, note) => {
    const client = new Client(await start(platform));
    if (name !== undefined) await client.post('/login', form({ name }));
    expect((await client.post('/notes', form({ note }))).status).toBe(303);
    expect((await client.get('/')).text).not.toContain('<li>');
  });
});

describe('sample/store as a program', () => {
  it('keeps its sessions in memory, if nothing else is asked for', async () => {
    const { url } = await startSample('store', { SESSION_SECRET: SECRET });
    expect(await (await fetch(url)).text()).toContain('the memory of this process');
  });

  for (const [program, variable, name, startServer] of [
    ['redis-server', 'REDIS_URL', 'Redis', startRedis],
    ['postgres', 'DATABASE_URL', 'Postgres', startPostgres],
  ] as const) {
    const test = findProgram(program) === undefined ? it.skip : it;
    // Skipped where the program is not installed.
    test(`shares its sessions with another process by ${variable} (needs ${program})`, async () => {
      const server = await startServer();
      const environment = { SESSION_SECRET: SECRET, [variable]: server.url };
      const [one, other] = [await startSample('store', environment), await startSample('store', environment)];
      const client = one.client();
      await client.post('/login', form({ name: 'Tom' }));
      const cookie = `session=${await client.cookie()}`;
      const { text } = await other.client().get('/', { headers: { cookie } });
      expect(text).toContain('Notes of Tom');
      expect(text).toContain(`>${name}<`);
      await Promise.all([one.stop(), other.stop()]);
      await server.stop();
    });
  }
});
