import { beforeEach, expect, it } from '@jest/globals';
import type { SessionModuleOptions } from 'nestjs-sessions';
import { describeOnEachPlatform, type Platform, startApp } from '../support/app.js';
import { Client } from '../support/client.js';
import { setClock, START, stopClock } from '../support/clock.js';
import { routes } from '../support/routes.js';
import { sentCookie } from '../support/tokens.js';
import { authentic, ID, type Mode, MODES, payloadOf, settingsFor } from './support/modes.js';
import { report } from './support/run.js';

const [K0, K1, K2, K3] = ['k0', 'k1', 'k2', 'k3'].map((name) => name.padEnd(32, '.')) as [
  string,
  string,
  string,
  string,
];
const DATA = { user: 'ada', deep: [1, { ä: null }] };
const TIMES = { iat: START - 500, exp: START + 5000, data: DATA };

const controller = routes({ read: (session) => session.data, count: (session) => count(session) });

function count(session: { get(key: string): number | undefined; set(key: string, value: number): void }): number {
  const n = (session.get('n') ?? 0) + 1;
  session.set('n', n);
  return n;
}

type Options = Partial<SessionModuleOptions>;

/** What a token holds, by the package itself with one key and one format. */
const openedBy = (mode: Mode, secretKey: string, token: string) => settingsFor(mode, { secretKey }).codec.unseal(token);

/** An instance of the application, one of many that share their clients. */
async function instance(platform: Platform, options: Options) {
  const reasons: string[] = [];
  const onReject = (reason: string) => void reasons.push(reason);
  const { url } = await startApp(platform, { session: { onReject, ...options }, controllers: [controller] });
  return { url, reasons };
}

/** Counts on each instance in turn, twice, so that each sees what the others have written. */
async function visitAll(client: Client, urls: readonly string[]): Promise<string[]> {
  const texts: string[] = [];
  for (const url of [...urls, ...urls]) texts.push((await client.get(`${url}/count`)).text);
  return texts;
}

describeOnEachPlatform('A change of keys or format', (platform) => {
  beforeEach(stopClock);

  it.each(MODES)('issues the sessions of known keys anew exactly once, %s', async (mode) => {
    const encrypt = mode === 'encrypted';
    const { url, reasons } = await instance(platform, { secretKey: [K3, K2, K1], encrypt });
    for (const secret of [K1, K2]) {
      const client = new Client(url);
      await client.setCookie('session', authentic(mode, payloadOf(TIMES), secret));
      const first = await client.get('/read');
      const { value, attributes } = sentCookie(first);
      expect(JSON.parse(first.text)).toEqual(DATA);
      expect(attributes).toContain('Max-Age=5000');
      const claims = { jti: ID, iat: TIMES.iat, exp: TIMES.exp, ttl: undefined };
      expect(openedBy(mode, K3, value)).toStrictEqual({ ok: true, claims, data: DATA, stale: false });
      for (const later of [1, 4999]) {
        setClock(later);
        const next = await client.get('/read');
        expect([JSON.parse(next.text), next.setCookie]).toEqual([DATA, []]);
      }
      setClock(5000);
      expect((await client.get('/read', { headers: { cookie: `session=${value}` } })).text).toBe('{}');
      expect(reasons.splice(0)).toEqual(['expired']);
      setClock(0);
    }
    const client = new Client(url);
    const unknown = authentic(mode, payloadOf(TIMES), K0);
    await client.setCookie('session', unknown);
    const reply = await client.get('/read');
    expect([reply.status, reply.text, reply.setCookie, reasons]).toEqual([200, '{}', [], ['unknown-key']]);
    expect(await client.cookie()).toBe(unknown);
  });

  it.each(MODES)(
    'loses no session of a fleet that first accepts a new key and then seals with it, %s',
    async (mode) => {
      const encrypt = mode === 'encrypted';
      const steps: Options[] = [[K1], [K1, K2], [K2, K1], [K2]].map((secretKey) => ({ secretKey, encrypt }));
      const client = await rollOut(platform, steps);
      expect(openedBy(mode, K2, (await client.cookie()) ?? '')).toMatchObject({ ok: true, claims: { jti: ID } });
      report(`${mode}, ${platform}: a key replaced in ${steps.length - 1} steps: 0 sessions lost`);
    },
  );

  it.each(MODES)(
    'in the wrong order hides sessions from instances without the new key, and keeps them, %s',
    async (mode) => {
      const encrypt = mode === 'encrypted';
      const old = await instance(platform, { secretKey: [K1], encrypt });
      const updated = await instance(platform, { secretKey: [K2, K1], encrypt });
      const client = new Client(old.url);
      await client.setCookie('session', authentic(mode, payloadOf(TIMES), K1));
      expect((await client.get(`${updated.url}/read`)).setCookie).toHaveLength(1);

      const behind = await client.get(`${old.url}/read`);
      expect([behind.status, behind.text, behind.setCookie, old.reasons]).toEqual([200, '{}', [], ['unknown-key']]);

      const { url } = await instance(platform, { secretKey: [K2, K1], encrypt });
      expect(JSON.parse((await client.get(`${url}/read`)).text)).toEqual(DATA);
    },
  );

  it.each<[from: Mode, to: Mode]>([
    ['signed', 'encrypted'],
    ['encrypted', 'signed'],
  ])('loses no session of a fleet that goes from %s to %s by accept', async (from, to) => {
    const is = (mode: Mode) => ({ secretKey: K1, encrypt: mode === 'encrypted' });
    const steps: Options[] = [is(from), { ...is(from), accept: [to] }, { ...is(to), accept: [from] }, is(to)];
    const client = await rollOut(platform, steps, from);
    expect(openedBy(to, K1, (await client.cookie()) ?? '')).toMatchObject({ ok: true, claims: { jti: ID } });
    report(`${from} to ${to}, ${platform}: ${steps.length - 1} steps: 0 sessions lost`);
  });

  it.each<[from: Mode, to: Mode]>([
    ['signed', 'encrypted'],
    ['encrypted', 'signed'],
  ])('issues accepted %s cookies anew exactly once where sessions are %s', async (from, to) => {
    const { url } = await instance(platform, { secretKey: K1, encrypt: to === 'encrypted', accept: [from] });
    const client = new Client(url);
    await client.setCookie('session', authentic(from, payloadOf(TIMES), K1));
    const first = await client.get('/read');
    const claims = { jti: ID, iat: TIMES.iat, exp: TIMES.exp, ttl: undefined };
    const opened = openedBy(to, K1, sentCookie(first).value);
    expect(opened).toStrictEqual({ ok: true, claims, data: DATA, stale: false });
    const second = await client.get('/read');
    expect([first.text, second.text, second.setCookie]).toEqual([second.text, JSON.stringify(DATA), []]);
  });

  it.each<[from: Mode, to: Mode]>([
    ['signed', 'encrypted'],
    ['encrypted', 'signed'],
  ])('refuses %s cookies where sessions are %s, otherwise, and leaves them alone', async (from, to) => {
    const { url, reasons } = await instance(platform, { secretKey: K1, encrypt: to === 'encrypted' });
    const client = new Client(url);
    const token = authentic(from, payloadOf(TIMES), K1);
    await client.setCookie('session', token);
    const reply = await client.get('/read');
    expect([reply.status, reply.text, reply.setCookie, reasons]).toEqual([200, '{}', [], ['malformed']]);
    expect(await client.cookie()).toBe(token);
  });
});

/** Rolls each step out while the one before still runs: instances of both share one client with one session. */
async function rollOut(platform: Platform, steps: readonly Options[], mode?: Mode): Promise<Client> {
  const instances = await Promise.all(steps.map((step) => instance(platform, step)));
  const client = new Client(instances[0]?.url ?? '');
  const first = mode ?? (steps[0]?.encrypt === true ? 'encrypted' : 'signed');
  await client.setCookie('session', authentic(first, payloadOf(TIMES), K1));
  const seen: string[] = [];
  for (let step = 1; step < instances.length; step++) {
    const fleet = instances.slice(step - 1, step + 1).map(({ url }) => url);
    seen.push(...(await visitAll(client, fleet)));
    // Before the last instances that seal the old way go, each client has been there once.
    if (fleet[1] !== undefined) await client.get(`${fleet[1]}/read`);
  }
  expect(seen).toEqual(seen.map((_, at) => String(at + 1)));
  expect(instances.flatMap(({ reasons }) => reasons)).toEqual([]);
  return client;
}
