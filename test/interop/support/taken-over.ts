import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import type { SessionStore } from 'nestjs-sessions/store';
import { describeWith } from '../../store/support/with-server.js';
import { type Platform, startApp } from '../../support/app.js';
import { Client } from '../../support/client.js';
import { routes } from '../../support/routes.js';
import { TestStore } from '../../support/stores.js';

const DATA = { user: { id: 7, name: 'Ada' }, cart: ['tea'] };

/** Sessions of another package on a server, which takes ours as well. */
export interface OldSessions {
  readonly ours: SessionStore;
  /** Starts an application of before whose sessions get this data. @returns its address */
  serve(fill: (session: object) => void): Promise<string>;
  /** What docs/migration/ has an application of ours do. */
  takeOver(app: INestApplication): unknown;
  /** How long a session of before lives. */
  secondsLeft(id: string): Promise<number>;
  stop(): Promise<unknown>;
}

/**
 * The requirements of taking over running sessions, for each package and engine.
 *
 * @param program the server that is needed
 * @param cookieName of the sessions of before
 */
export function describeTakenOver(
  program: Parameters<typeof describeWith>[0],
  name: string,
  { platform, cookieName, open }: { platform: Platform; cookieName: string; open: () => Promise<OldSessions> },
): void {
  describeWith(program, name, () => {
    let old: OldSessions;
    let cookie = '';

    const begin = async (data: object) => {
      const browser = new Client(await old.serve((session) => void Object.assign(session, data)));
      await browser.get('/');
      cookie = (await browser.cookie(cookieName)) ?? '';
    };

    beforeAll(async () => {
      old = await open();
    });

    afterAll(() => old.stop());

    beforeEach(() => begin(DATA));

    const startOurs = async (store?: SessionStore) => {
      const { client } = await startApp(platform, {
        session: { ...(store && { store }) },
        controllers: [routes({ read: ({ data }) => JSON.stringify(data), logout: (session) => session.destroy() })],
        configure: (app) => old.takeOver(app),
      });
      const browser = client();
      await browser.setCookie(cookieName, cookie);
      return browser;
    };

    /** A signed cookie is the id, after `s:` with express-session, and a signature. */
    const secondsLeft = async () => old.secondsLeft(/^(?:s:)?([^.]+)/.exec(decodeURIComponent(cookie))?.[1] ?? '');

    it.each(['the cookie', 'a store'])('go on in %s', async (where) => {
      const browser = await startOurs(where === 'a store' ? old.ours : undefined);
      expect(JSON.parse((await browser.get('/read')).text)).toEqual(DATA);
      expect(await browser.cookieNames()).toEqual(['session']);
      expect(JSON.parse((await browser.get('/read')).text)).toEqual(DATA);
    });

    it('go on for requests that are sent at once', async () => {
      const browser = await startOurs(old.ours);
      const answers = await Promise.all([1, 2, 3, 4].map(() => browser.get('/read')));
      expect(answers.map(({ text }) => JSON.parse(text) as unknown)).toEqual([DATA, DATA, DATA, DATA]);
    });

    it('do not come back after a log-out', async () => {
      const browser = await startOurs(old.ours);
      await browser.get('/read');
      await browser.get('/logout');
      expect((await browser.get('/read')).text).toBe('{}');
    });

    it('end in a minute for a copy of the old cookie', async () => {
      const browser = await startOurs(old.ours);
      expect(await secondsLeft()).toBeGreaterThan(3600);
      await browser.get('/read');
      const left = await secondsLeft();
      expect(left).toBeGreaterThan(30);
      expect(left).toBeLessThanOrEqual(60);
    });

    it('wait where the new session cannot be saved: the old cookie stays for the next request', async () => {
      const failing = new TestStore(old.ours);
      failing.before = (command) => (command === 'create' ? Promise.reject(new Error('no engine')) : undefined);
      const browser = await startOurs(failing);
      expect((await browser.get('/read')).status).toBe(503);
      expect(await browser.cookieNames()).toEqual([cookieName]);
      expect(await secondsLeft()).toBeGreaterThan(3600);
      failing.before = () => undefined;
      expect(JSON.parse((await browser.get('/read')).text)).toEqual(DATA);
      expect(await browser.cookieNames()).toEqual(['session']);
    });

    it('wait where they are too large for a cookie', async () => {
      await begin({ text: 'x'.repeat(5000) });
      const browser = await startOurs();
      expect((await browser.get('/read')).status).toBe(500);
      expect(await browser.cookieNames()).toEqual([cookieName]);
      expect(await secondsLeft()).toBeGreaterThan(3600);
    });

    it('are not taken over with a forged signature', async () => {
      cookie = cookie.replace(/.(?=.$)/, (last) => (last === 'A' ? 'B' : 'A'));
      const browser = await startOurs(old.ours);
      expect((await browser.get('/read')).text).toBe('{}');
    });
  });
}
