import { afterAll, afterEach, beforeAll, describe } from '@jest/globals';
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import { type Platform, PLATFORMS } from './app.js';

/** Where Debian has it. */
const EXECUTABLE = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** No sandbox, for containers; and no talking to anybody but the test. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];

/** Opens a context of its own, with its own cookies, in the one browser of the file. */
export type OpenContext = (options?: BrowserContextOptions) => Promise<BrowserContext>;

/** Runs the same suite on Express and on Fastify, in Chromium; skips it, and says so, where there is none. */
export function describeInBrowser(title: string, define: (platform: Platform, open: OpenContext) => void): void {
  if (!existsSync(EXECUTABLE)) {
    const reason = `skipped: no Chromium at ${EXECUTABLE}, set CHROMIUM_PATH`;
    process.stdout.write(`${title}: ${reason}\n`);
    describe.skip.each(PLATFORMS)(`${title} (%s, ${reason})`, (platform) => define(platform, noContext));
    return;
  }
  describe.each(PLATFORMS)(`${title} (%s)`, (platform) => {
    let browser: Browser;
    const contexts = new Set<BrowserContext>();

    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
    }, 60_000);

    afterEach(async () => {
      const open = [...contexts];
      contexts.clear();
      await Promise.all(open.map((context) => context.close()));
    });

    afterAll(() => browser?.close());

    define(platform, async (options) => {
      const context = await browser.newContext(options);
      contexts.add(context);
      return context;
    });
  });
}

function noContext(): never {
  throw new Error('There is no browser.');
}
