import { describe, expect, it } from '@jest/globals';
import { cookieSession } from '../../../lib/interop/cookie-session.js';
import { formatFor, NAMES, NOW as START, SECRET as SECRET_OF_OTHERS } from '../../interop/support/formats.js';
import { OTHER_SECRET, SECRET } from '../../support/secrets.js';
import { inspected, NOW, type Printed, runWith, vectorsOf } from './support.js';

function headerOf([value, signature]: readonly [string, string?]): string {
  return `session=${value}${signature === undefined ? '' : `; session.sig=${signature}`}`;
}

/** The value of the first recorded cookie of a format. */
function recorded(format: string): string {
  return vectorsOf('interop').find((each) => each.format === format)?.values[0] ?? '';
}

/** Inspects a cookie of Starlette so many days after it was issued. */
function inDays(days: number, ...args: string[]): Promise<Printed> {
  return inspected(recorded('starlette'), [SECRET_OF_OTHERS], args, START + days * 86_400);
}

describe.each(NAMES)('A recorded cookie of %s', (name) => {
  const own = vectorsOf('interop').filter(({ format }) => format === name);

  it.each(own)('is recognised and accepted with its secret: $description', async ({ values, secret, now, data }) => {
    const told = await inspected(headerOf(values), [secret], ['--values'], now);
    expect(told).toMatchObject({ verdict: 'accepted', kinds: [name], data, code: 0 });
    // Flask sorts them.
    expect(told.keys?.toSorted()).toEqual(Object.keys(data).toSorted());
    const hasTime = /starlette|flask|fernet/.test(name);
    expect(told.issued).toBe(hasTime ? '2026-01-01T00:00:00Z' : null);
  });

  it.each(own)('is recognised without its secret: $description', async ({ values, now, data }) => {
    const told = await inspected(headerOf(values), [], ['--values'], now);
    expect(told).toMatchObject({ verdict: 'unchecked', code: 0 });
    expect(told.kinds).toContain(name);
    if (!name.endsWith('fernet')) expect(told.data).toEqual(data);
  });

  it.each(own)('is tampered with another secret, as the format says: $description', async ({ values, now }) => {
    const format = formatFor(name, OTHER_SECRET.slice(0, 32));
    const opened = format.open(values, { cookieName: 'session', now });
    const told = await inspected(headerOf(values), [OTHER_SECRET.slice(0, 32)], [], now);
    expect(opened.ok).toBe(false);
    expect(told).toMatchObject({ verdict: 'rejected', reason: 'tampered', code: 1 });
  });

  it('is opened with the second secret', async () => {
    const [vector] = own;
    const secrets = [OTHER_SECRET.slice(0, 32), vector?.secret ?? ''];
    expect(await inspected(headerOf(vector?.values ?? ['']), secrets, [], vector?.now)).toMatchObject({
      verdict: 'accepted',
      kinds: [name],
    });
  });
});

describe('A foreign cookie', () => {
  it('ends when its format or the given maxAge says', async () => {
    expect(await inDays(13)).toMatchObject({ verdict: 'accepted' });
    expect(await inDays(15)).toMatchObject({ verdict: 'rejected', reason: 'expired' });
    expect(await inDays(15, '--max-age', '2592000')).toMatchObject({ verdict: 'accepted' });
    expect(await inDays(13, '--max-age', '86400')).toMatchObject({ verdict: 'rejected', reason: 'expired' });
  });

  it('of cookie-session needs its signature', async () => {
    expect(await inspected(recorded('cookie-session'), [SECRET_OF_OTHERS])).toMatchObject({
      kinds: ['cookie-session'],
      reason: 'malformed',
      why: 'the cookie with its signature is missing',
    });
  });

  it.each(['sha1', 'sha256', 'sha384', 'sha512'] as const)('of cookie-session is opened with %s', async (algorithm) => {
    const format = cookieSession({ keys: [SECRET], algorithm, acceptUntil: new Date('2100-01-01') });
    const [value, signature] = format.write?.('{"a":1}', { cookieName: 'sid', now: NOW, maxAge: 60 }) ?? [];
    expect(await inspected(`sid=${value}; sid.sig=${signature}`, [SECRET])).toMatchObject({
      verdict: 'accepted',
      cookie: 'sid',
    });
  });

  it('with a secret that its format cannot have is a wrong usage', async () => {
    const env = { SESSION_SECRET: 'x'.repeat(44) };
    const { code, err, out } = await runWith(['inspect', recorded('asgi-sessions fernet')], { env });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('asgi-sessions itself fails with more than 32 characters');
  });

  it('is tampered by a signature that fits neither of two formats', async () => {
    const flask = recorded('flask');
    const told = await inspected(`${flask.slice(0, -2)}AA`, [SECRET_OF_OTHERS], [], START);
    expect(told).toMatchObject({ verdict: 'rejected', reason: 'tampered' });
    expect(told.why).toBe(
      'its signature does not fit: another secret, another cookie name than "session", or it was changed',
    );
  });

  it('with a time that no Date can hold shows none', async () => {
    const fernet = Buffer.from(recorded('asgi-sessions fernet'), 'base64url');
    fernet.fill(0xff, 1, 9);
    const token = fernet.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
    expect(await inspected(token)).toMatchObject({ kinds: ['asgi-sessions fernet'], issued: null });
    expect((await runWith(['inspect', token])).out).not.toContain('issued');
  });

  it('with a time that is no number shows none', async () => {
    const payload = Buffer.from('{"exp":"soon","user":"ada"}').toString('base64url');
    const token = `${recorded('asgi-sessions jwt').split('.')[0]}.${payload}.x`;
    expect(await inspected(token)).toMatchObject({
      kinds: ['asgi-sessions jwt'],
      expires: null,
      keys: ['exp', 'user'],
    });
  });
});
