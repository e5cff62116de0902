import { describe, expect, it } from '@jest/globals';
import { resolveSettings } from '../../support/settings.js';
import { parseSecrets } from '../../../lib/options/secrets.js';
import { BAD_SECRETS } from './bad-options.js';
import { CLAIMS } from '../codec/codec-contract.js';
import { errorOf } from '../../support/errors.js';
import { OTHER_SECRET, SECRET } from '../../support/secrets.js';

const TOKEN = resolveSettings({ secretKey: SECRET }).codec.seal(CLAIMS, '{}');

describe('parseSecrets', () => {
  it('gives the bytes of each secret, newest first', () => {
    expect(parseSecrets(SECRET)).toStrictEqual([Buffer.from(SECRET)]);
    expect(parseSecrets([OTHER_SECRET, Buffer.from(SECRET)])).toStrictEqual([
      Buffer.from(OTHER_SECRET),
      Buffer.from(SECRET),
    ]);
  });

  it.each(BAD_SECRETS)('refuses $title', ({ options, code, message }) => {
    expect(errorOf(() => parseSecrets(options.secretKey))).toStrictEqual({ code, message });
  });
});

describe('resolveSettings, given secrets', () => {
  it('does not follow options that change afterwards', () => {
    const secretKey = [Buffer.from(SECRET)];
    const options = { secretKey, cookieName: 'session' };
    const settings = resolveSettings(options);
    secretKey[0]?.fill(0);
    secretKey.length = 0;
    options.cookieName = 'other';
    expect(settings.cookie.delete(['session'], false)[0]).toMatch(/^session=;/);
    expect(settings.codec.seal(CLAIMS, '{}')).toBe(TOKEN);
  });

  it.each([
    ['a string', SECRET],
    ['a Buffer', Buffer.from(SECRET)],
    ['a Uint8Array', new TextEncoder().encode(SECRET)],
    ['a list of one', [SECRET]],
    ['a list of both kinds', [Buffer.from(SECRET), OTHER_SECRET]],
    ['a view into a larger buffer', Buffer.from(`<<${SECRET}>>`).subarray(2, -2)],
  ])('seals with the same key, given %s', (_, secretKey) => {
    expect(resolveSettings({ secretKey }).codec.seal(CLAIMS, '{}')).toBe(TOKEN);
  });

  it('opens with older secrets too', () => {
    const { codec } = resolveSettings({ secretKey: [OTHER_SECRET, SECRET] });
    expect(codec.unseal(TOKEN)).toStrictEqual({ ok: true, claims: CLAIMS, data: {}, stale: true });
  });

  it('counts 32 bytes of UTF-8 as enough', () => {
    expect(() => resolveSettings({ secretKey: 'ü'.repeat(16) })).not.toThrow();
    expect(() => resolveSettings({ secretKey: Buffer.alloc(32) })).not.toThrow();
  });

  it.each(BAD_SECRETS)('refuses $title', ({ options, code, message }) => {
    expect(errorOf(() => resolveSettings(options))).toStrictEqual({ code, message });
  });
});
