import { describe, expect, it } from '@jest/globals';
import { compactDecrypt } from 'jose';
import { RecordCipher } from '../../../lib/codec/record-cipher.js';
import { KeyRing } from '../../../lib/crypto/key-ring.js';
import { decryptRecord, isEncrypted } from '../../support/encrypted-records.js';
import { deriveKey, recordContentKey } from '../../support/keys.js';
import { OTHER_SECRET, SECRET } from '../../support/secrets.js';

const TEXT = '3600 {"user":"Zoë"}';
const NAME = 'AAECAwQFBgcICQoLDA0ODw';

function cipher(secrets: readonly [string, ...string[]] = [SECRET], isEncrypting = true, cookieName = 'session') {
  const [first, ...others] = secrets.map((secret) => Buffer.from(secret));
  return new RecordCipher(new KeyRing([first ?? Buffer.alloc(0), ...others], 'A256GCM', cookieName), isEncrypting);
}

describe('RecordCipher', () => {
  it('opens what it has sealed', () => {
    const sealed = cipher().seal(TEXT, NAME);
    expect(isEncrypted(sealed)).toBe(true);
    expect(sealed).not.toContain(Buffer.from('user').toString('base64url').slice(0, 4));
    expect(cipher().open(sealed, NAME)).toEqual({ text: TEXT, isStale: false });
  });

  it('writes a JWE as the format says, which other software opens', async () => {
    const sealed = cipher().seal(TEXT, NAME);
    expect(decryptRecord(sealed, NAME)).toBe(TEXT);
    const { key, kid } = deriveKey(SECRET, 'A256GCM');
    const { plaintext, protectedHeader } = await compactDecrypt(sealed, recordContentKey(key, NAME));
    expect(Buffer.from(plaintext).toString()).toBe(TEXT);
    expect(protectedHeader).toEqual({ alg: 'dir', enc: 'A256GCM', kid });
  });

  it('seals one text differently each time', () => {
    expect(cipher().seal(TEXT, NAME)).not.toBe(cipher().seal(TEXT, NAME));
  });

  it('leaves an empty text empty', () => {
    expect(cipher().seal('', NAME)).toBe('');
    expect(cipher().open('', NAME)).toEqual({ text: '', isStale: false });
  });

  it.each([TEXT, '{}', '"text"', ',60 {}', '~{}', '60 '])('without the option, it leaves %j as it is', (text) => {
    expect(cipher([SECRET], false).seal(text, NAME)).toBe(text);
    expect(cipher([SECRET], false).open(text, NAME)).toEqual({ text, isStale: false });
    expect(cipher().open(text, NAME)).toEqual({ text, isStale: true });
  });

  it('says that a text is stale which is encrypted, and should not be', () => {
    expect(cipher([SECRET], false).open(cipher().seal(TEXT, NAME), NAME)).toEqual({ text: TEXT, isStale: true });
  });

  it('opens what an older secret has sealed, and says that it is stale', () => {
    const sealed = cipher([OTHER_SECRET]).seal(TEXT, NAME);
    expect(cipher([SECRET, OTHER_SECRET]).open(sealed, NAME)).toEqual({ text: TEXT, isStale: true });
    expect(decryptRecord(cipher([SECRET, OTHER_SECRET]).seal(TEXT, NAME), NAME)).toBe(TEXT);
  });

  it.each([
    ['another record', cipher(), `${NAME}.AAAA`],
    ['another secret', cipher([OTHER_SECRET]), NAME],
    ['another cookie', cipher([SECRET], true, 'admin'), NAME],
  ])('does not open what was sealed for %s', (_, other, name) => {
    expect(other.open(cipher().seal(TEXT, NAME), name)).toBeUndefined();
  });

  it('does not open a text of which any character was changed, taken or added', () => {
    const sealed = cipher().seal(TEXT, NAME);
    // One that begins otherwise is taken for a text that is not encrypted, and is no data.
    for (let at = 'eyJ'.length; at < sealed.length; at++) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      for (const part of [other, '', `${sealed[at]}${other}`]) {
        expect(cipher().open(sealed.slice(0, at) + part + sealed.slice(at + 1), NAME)).toBeUndefined();
      }
    }
  });

  it.each(['', '.', '..', '....', '.key.AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA', '..AAAA.AAAA.AAAA', '..=.=.='])(
    'does not open its header with %j behind it',
    (rest) => {
      const [header] = cipher().seal(TEXT, NAME).split('.');
      expect(cipher().open(`${header}${rest}`, NAME)).toBeUndefined();
    },
  );

  it('does not open a short tag, which GCM would compare only in part', () => {
    const sealed = cipher().seal(TEXT, NAME);
    const short = sealed.replace(/[\w-]{22}$/, (tag) =>
      Buffer.from(tag, 'base64url').subarray(0, 4).toString('base64url'),
    );
    expect(cipher().open(short, NAME)).toBeUndefined();
  });
});
