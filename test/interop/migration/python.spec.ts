import { describe, expect, it, jest } from '@jest/globals';
import { closeAfterTest, type Platform, PLATFORMS, startApp } from '../../support/app.js';
import { sentCookie } from '../../support/tokens.js';
import { formatFor, IN_PYTHON } from '../support/formats.js';
import { bodyOf, PEER_SECRET, setSecrets, startModule, VisitorController } from '../support/migrated.js';
import { findPeer, Peer } from '../support/peer.js';

setSecrets();
jest.setTimeout(120_000);

/** The real library of a format, stopped after the test. */
function startPeer(command: readonly [string, ...string[]], format: string): Peer {
  const peer = new Peer(command, format, PEER_SECRET);
  closeAfterTest(() => Promise.resolve(peer.stop()));
  return peer;
}

/** A suite with the real library of a format; skipped where it is not installed. */
function describeWith(format: string, title: string, define: (command: readonly [string, ...string[]]) => void): void {
  const found = findPeer(format);
  if ('command' in found) describe(`${title} (${format})`, () => define(found.command));
  else describe.skip(`${title} (${format}) is skipped: ${found.missing}`, () => define(['false']));
}

for (const [format, module] of [
  ['asgi-sessions jwt', 'FromAsgiSessionsModule'],
  ['starlette', 'TakingOverModule'],
  ['flask', 'RetiringModule'],
  ['flask', 'FromFlaskModule'],
] as const) {
  describeWith(format, `A session that ${module} of docs/migration/ takes over`, (command) => {
    it.each(PLATFORMS)('goes on, and is issued anew in our format (%s)', async (platform) => {
      const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
      const { value } = await startPeer(command, format).ask({ write: '{"user":"ada"}' });
      const browser = (await startModule(platform, module)).client();
      await browser.setCookie('session', String(value));
      const reply = await browser.get('/visitor');
      expect(bodyOf(reply)).toEqual({ user: 'ada' });
      expect(sentCookie(reply).value).not.toBe(value);
      const next = await browser.get('/visitor');
      expect([bodyOf(next), next.setCookie]).toEqual([{ user: 'ada' }, []]);
      const said = module === 'RetiringModule' ? [['A session came as flask.']] : [];
      expect(log.mock.calls).toEqual(said);
      log.mockRestore();
    });
  });
}

const start = (platform: Platform, session: object) =>
  startApp(platform, { controllers: [VisitorController], session });

for (const format of IN_PYTHON) {
  describeWith(format, 'A session in a foreign format', (command) => {
    it.each(PLATFORMS)('is read and written by both as `codec` (%s)', async (platform) => {
      const peer = startPeer(command, format);
      const browser = (await start(platform, { codec: formatFor(format, PEER_SECRET) })).client();
      await browser.setCookie('session', String((await peer.ask({ write: '{"user":"ada"}' })).value));
      expect(bodyOf(await browser.get('/visitor'))).toEqual({ user: 'ada' });
      await browser.get('/visitor/rename');
      const { data } = await peer.ask({ read: String(await browser.cookie()) });
      expect(JSON.parse(String(data))).toEqual({ user: 'mary' });
    });

    it.each(PLATFORMS)('is issued anew in ours as `accept`, and the peer reads it no more (%s)', async (platform) => {
      const peer = startPeer(command, format);
      const browser = (await start(platform, { accept: [formatFor(format, PEER_SECRET)] })).client();
      await browser.setCookie('session', String((await peer.ask({ write: '{"user":"ada"}' })).value));
      expect(bodyOf(await browser.get('/visitor'))).toEqual({ user: 'ada' });
      const { data, error } = await peer.ask({ read: String(await browser.cookie()) });
      expect(error === undefined ? JSON.parse(String(data)) : {}).toEqual({});
    });
  });
}

describeWith('starlette', 'A session that SharingModule of docs/migration/ shares', (command) => {
  it.each(PLATFORMS)('is read and written by both (%s)', async (platform) => {
    const peer = startPeer(command, 'starlette');
    const { value } = await peer.ask({ write: '{"user":"ada"}' });
    const browser = (await startModule(platform, 'SharingModule')).client();
    await browser.setCookie('session', String(value));
    expect(bodyOf(await browser.get('/visitor'))).toEqual({ user: 'ada' });
    await browser.get('/visitor/rename');
    const { data } = await peer.ask({ read: String(await browser.cookie()) });
    expect(JSON.parse(String(data))).toEqual({ user: 'mary' });
  });
});
