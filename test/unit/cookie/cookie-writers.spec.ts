import { describe, expect, it } from '@jest/globals';
import { type CookieScope, CookieWriters } from '../../../lib/cookie/cookie-writers.js';
import type { CookieAttributes } from '../../../lib/cookie/set-cookie.js';
import { polluted } from '../../support/polluted.js';

const EXPIRED = 'Expires=Thu, 01 Jan 1970 00:00:00 GMT';
const deletion = (name: string, scope: string) => `${name}=; Max-Age=0; ${scope}; ${EXPIRED}; HttpOnly`;

function deletions(scope: Partial<CookieAttributes>, formerly: CookieScope[] = [], names: string[] = ['s']): string[] {
  return new CookieWriters(['s', 's.1'], { path: '/', httpOnly: true, ...scope }, formerly).delete(names, false);
}

describe('CookieWriters.delete', () => {
  it('deletes nothing where nothing is named', () => {
    expect(deletions({}, [], [])).toStrictEqual([]);
    expect(deletions({}, [], ['other'])).toStrictEqual([]);
  });

  it('deletes a cookie of the host in its one scope', () => {
    expect(deletions({}, [], ['s.1', 's'])).toStrictEqual([deletion('s', 'Path=/'), deletion('s.1', 'Path=/')]);
  });

  it('deletes the cookie of the host too where there is a domain', () => {
    expect(deletions({ domain: 'a.org', path: '/app' })).toStrictEqual([
      deletion('s', 'Domain=a.org; Path=/app'),
      deletion('s', 'Path=/app'),
    ]);
  });

  it('deletes in each former scope, in none of them twice, and not twice in that of today', () => {
    const formerly = [
      { domain: 'a.org' },
      { domain: '.A.org', path: '/' },
      { path: '/app' },
      {},
      { domain: 'b.org', path: '/app' },
      { path: '/' },
    ];
    expect(deletions({ domain: 'b.org', path: '/app' }, formerly)).toStrictEqual([
      deletion('s', 'Domain=b.org; Path=/app'),
      deletion('s', 'Path=/app'),
      deletion('s', 'Domain=a.org; Path=/'),
      deletion('s', 'Path=/'),
    ]);
  });

  it('takes no scope from a polluted Object.prototype', () => {
    const lines = polluted({ domain: 'evil.org', path: '/evil' }, () => deletions({}, [{}, { path: '/app' }]));
    expect(lines).toStrictEqual([deletion('s', 'Path=/'), deletion('s', 'Path=/app')]);
  });
});

describe('CookieWriters.with', () => {
  const writers = new CookieWriters(['s'], { path: '/', sameSite: 'lax' }, [{ domain: 'old.org' }]);

  it('is the same where nothing varies', () => {
    expect(writers.with(undefined)).toBe(writers);
  });

  it('writes and deletes with the attributes of the request, and is kept for them', () => {
    const varying = { domain: 'a.org', sameSite: 'strict' } as const;
    const variant = writers.with(varying);
    expect(writers.with(varying)).toBe(variant);
    expect(writers.with({ ...varying })).not.toBe(variant);
    expect(variant.writer('s').serialize('v', 5, true)).toBe(
      's=v; Max-Age=5; Domain=a.org; Path=/; Secure; SameSite=Strict',
    );
    expect(variant.delete(['s'], true)).toStrictEqual(
      ['Domain=a.org; Path=/', 'Path=/', 'Domain=old.org; Path=/'].map(
        (scope) => `s=; Max-Age=0; ${scope}; ${EXPIRED}; Secure; SameSite=Strict`,
      ),
    );
  });
});
