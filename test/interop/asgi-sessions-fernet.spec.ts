import { describe, expect, it } from '@jest/globals';
import { asgiSessionsFernet } from '../../lib/interop/index.js';
import { Fernet } from '../../lib/interop/python/fernet.js';
import { SessionError } from '../../lib/session.errors.js';
import { NOW, open, SECRET, write } from './support/formats.js';

describe('asgiSessionsFernet()', () => {
  it.each([
    ['takes a secret of 32 characters as it is', SECRET, SECRET],
    ['fills a shorter one up with "="', 'dev', 'dev============================='],
  ])('%s', (_, secretKey, key) => {
    const format = asgiSessionsFernet({ secretKey, allowShortSecret: true });
    const token = new Fernet(Buffer.from(key)).seal(Buffer.from('{"user":"ada"}'), NOW);
    expect(open(format, [token])).toEqual({ ok: true, data: { user: 'ada' }, issuedAt: NOW });
  });

  it('takes the first 16 characters to sign and the others to encrypt, so that a short secret hides nothing', () => {
    const [token] = write(asgiSessionsFernet({ secretKey: 'sixteen letters!', allowShortSecret: true }), { a: 1 });
    const known = new Fernet(Buffer.from('sixteen letters!'.padEnd(32, '=')));
    expect(known.open(token, { now: NOW })).toMatchObject({ ok: true, message: Buffer.from('{"a":1}') });
    const other = asgiSessionsFernet({ secretKey: SECRET.slice(0, 16) + 'x'.repeat(16) });
    // Authentic to it, though it cannot be decrypted.
    expect(open(other, write(asgiSessionsFernet({ secretKey: SECRET }), {}))).toEqual({
      ok: false,
      reason: 'malformed',
    });
  });

  it('writes no half of a surrogate pair, which Python cannot encode', () => {
    const fernet = asgiSessionsFernet({ secretKey: SECRET });
    for (const [data, at] of [
      [{ a: { b: 'x\ud800' } }, 'b'],
      [{ 'x\udfff': 1 }, 'x\udfff'],
    ] as const) {
      expect(() => write(fernet, data)).toThrow(
        new SessionError(
          'ERR_SESSION_NOT_SERIALIZABLE',
          `Cannot write the session for asgi-sessions: the text at ${JSON.stringify(at)} has half a surrogate pair, ` +
            'which Python cannot encode. Store well-formed text, for example by toWellFormed().',
        ),
      );
    }
    expect(write(fernet, { a: '😀', b: '\\ud800' })).toHaveLength(1);
  });
});
