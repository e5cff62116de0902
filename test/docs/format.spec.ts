import { describe, expect, it, jest } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { createCipheriv, createHmac } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EncryptedCodec } from '../../lib/codec/encrypted.codec.js';
import { sign } from '../../lib/crypto/hmac.js';
import { KeyRing } from '../../lib/crypto/key-ring.js';
import { SignedCodec } from '../../lib/codec/signed.codec.js';

const page = readFileSync(new URL('../../docs/format.md', import.meta.url), 'utf8');
// Inside the repository, so that the programs find their packages.
const directory = fileURLToPath(new URL('../../build/docs-format/', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;
const hasCryptography = spawnSync('python3', ['-c', 'import cryptography']).status === 0;

// Processes take their time on a busy machine.
jest.setTimeout(60_000);

/** What a key, given in hexadecimal, makes of a text tells it from every other key. */
const signedBy = (key: string) => createHmac('sha256', Buffer.from(key, 'hex')).update('text').digest('base64url');

describe('the worked example of a signed cookie in docs/format.md', () => {
  const { cell, block } = example('signed');
  const secret = cell('secret');
  const cookieName = cell('cookieName');
  const token = block('', 'eyJ');
  const printed = `${cell('kid')}\n${cell('key')}\n${cell('claims')}\n`;

  it('is ours, byte by byte', () => {
    const ring = new KeyRing([Buffer.from(secret)], 'HS256', cookieName);
    const codec = new SignedCodec(ring);
    const { data, ...claims } = JSON.parse(cell('claims'));
    expect(ring.newest.kid).toBe(cell('kid'));
    expect(sign(ring.newest.key, 'text')).toBe(signedBy(cell('key')));
    expect(segments(token)[0]?.toString()).toBe(cell('header'));
    expect(codec.seal(claims, JSON.stringify(data))).toBe(token);
    expect(codec.unseal(token)).toEqual({ ok: true, claims, data, stale: false });
  });

  it('has the output of its programs', () => {
    expect(block('', cell('kid'))).toBe(printed.trimEnd());
  });

  describe('its program for Node.js', () => {
    const run = program('verify.mjs', block('js', 'import { createHmac'), process.execPath);

    it('derives key and kid and verifies the token', () => {
      expect(run(secret, cookieName, token)).toBe(printed);
    });

    it('refuses a changed token and another cookie name', () => {
      expect(() => run(secret, cookieName, tampered(token))).toThrow('tampered');
      expect(() => run(secret, 'other', token)).toThrow('not of this key');
    });
  });

  describe('its program for Python', () => {
    const python = hasPython ? it : it.skip;
    const reason = hasPython ? '' : ' (skipped: there is no python3)';
    const run = program('verify.py', block('python', 'import base64'), 'python3');

    python(`derives key and kid and verifies the token${reason}`, () => {
      expect(run(secret, cookieName, token)).toBe(printed);
    });

    python(`refuses a changed token and another cookie name${reason}`, () => {
      expect(() => run(secret, cookieName, tampered(token))).toThrow('tampered');
      expect(() => run(secret, 'other', token)).toThrow('not of this key');
    });
  });

  describe('its program for jose', () => {
    const run = program('jose.mjs', block('js', 'import { jwtVerify'), process.execPath);
    const { iat, exp } = JSON.parse(cell('claims'));

    it('verifies the token as long as it lives', () => {
      expect(run(cell('key'), token, at(iat))).toBe(`${cell('claims')}\n`);
      expect(run(cell('key'), token, at(exp - 1))).toBe(`${cell('claims')}\n`);
      expect(() => run(cell('key'), token, at(exp))).toThrow('ERR_JWT_EXPIRED');
    });

    it('refuses a changed token', () => {
      expect(() => run(cell('key'), tampered(token), at(iat))).toThrow('ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
    });
  });
});

describe('the worked example of an encrypted cookie in docs/format.md', () => {
  const { cell, block } = example('encrypted');
  const secret = cell('secret');
  const cookieName = cell('cookieName');
  const token = block('', 'eyJ');
  const printed = `${cell('kid')}\n${cell('key')}\n${cell('content key')}\n${cell('claims')}\n`;
  const ring = new KeyRing([Buffer.from(secret)], 'A256GCM', cookieName);
  const codec = new EncryptedCodec(ring);
  const { data, ...claims } = JSON.parse(cell('claims'));

  it('is ours', () => {
    expect(ring.newest.kid).toBe(cell('kid'));
    expect(sign(ring.newest.key, 'text')).toBe(signedBy(cell('key')));
    expect(codec.unseal(token)).toEqual({ ok: true, claims, data, stale: false });
    expect(segments(codec.seal(claims, JSON.stringify(data))).map(({ length }) => length)).toEqual(
      segments(token).map(({ length }) => length),
    );
  });

  it('follows from the description, byte by byte', () => {
    const info = `nestjs-sessions/v1/content/${claims.jti}\u0001`;
    const contentKey = createHmac('sha256', Buffer.from(cell('key'), 'hex'))
      .update(info)
      .digest();
    const nonce = Buffer.from(cell('nonce'), 'hex');
    const header = Buffer.from(cell('header')).toString('base64url');
    const cipher = createCipheriv('aes-256-gcm', contentKey, nonce).setAAD(Buffer.from(header));
    const ciphertext = Buffer.concat([cipher.update(cell('claims')), cipher.final()]);
    const rest = [nonce, ciphertext, cipher.getAuthTag()].map((bytes) => bytes.toString('base64url'));
    expect(contentKey.toString('hex')).toBe(cell('content key'));
    expect(cipher.getAuthTag().toString('hex')).toBe(cell('tag'));
    expect([header, '', ...rest].join('.')).toBe(token);
  });

  it('has the output of its programs', () => {
    expect(block('', cell('kid'))).toBe(printed.trimEnd());
  });

  describe('its program for Node.js', () => {
    const run = program('decrypt.mjs', block('js', 'import { compactDecrypt'), process.execPath);

    it('derives the keys and opens the token, and one that was just sealed', () => {
      expect(run(secret, cookieName, token)).toBe(printed);
      expect(run(secret, cookieName, codec.seal(claims, JSON.stringify(data)))).toBe(printed);
    });

    it('refuses a changed token and another cookie name', () => {
      expect(() => run(secret, cookieName, tampered(token))).toThrow('ERR_JWE_DECRYPTION_FAILED');
      expect(() => run(secret, 'other', token)).toThrow('not of this key');
    });
  });

  describe('its program for Python', () => {
    const python = hasCryptography ? it : it.skip;
    const reason = hasCryptography ? '' : ' (skipped: there is no python3 with cryptography)';
    const run = program('decrypt.py', block('python', 'import hashlib'), 'python3');

    python(`derives the keys and opens the token${reason}`, () => {
      expect(run(secret, cookieName, token)).toBe(printed);
    });

    python(`refuses a changed token and another cookie name${reason}`, () => {
      expect(() => run(secret, cookieName, tampered(token))).toThrow('InvalidTag');
      expect(() => run(secret, 'other', token)).toThrow('not of this key');
    });
  });
});

/** What the worked example of a kind shows: the values of its rows and its fenced blocks. */
function example(kind: string) {
  const [, text] = page.split(`## Worked example: ${kind}\n`);
  if (text === undefined) throw new Error(`docs/format.md has no worked example "${kind}"`);
  const section = text.split(/^## /m, 1).join();
  /** The value in the row `name`. */
  const cell = (name: string): string => {
    const value = new RegExp(`^\\| ${name} +\\| \`(.*?)\` *\\|$`, 'm').exec(section)?.[1];
    if (value === undefined) throw new Error(`the example "${kind}" has no row "${name}"`);
    return value;
  };
  /** The fenced block in `language` that begins with `start`. */
  const block = (language: string, start: string): string => {
    for (const [, info, code = ''] of section.matchAll(/^```(.*)\n([^]*?)\n```$/gm)) {
      if (info === language && code.startsWith(start)) return code;
    }
    throw new Error(`the example "${kind}" has no block in "${language}" that begins with "${start}"`);
  };
  return { cell, block };
}

/** Writes a program of the page into a file; the result runs it with arguments and gives what it prints. */
function program(name: string, text: string, interpreter: string): (...args: string[]) => string {
  mkdirSync(directory, { recursive: true });
  writeFileSync(directory + name, text);
  return (...args) => execFileSync(interpreter, [directory + name, ...args], { encoding: 'utf8', stdio: 'pipe' });
}

function segments(token: string): Buffer[] {
  return token.split('.').map((segment) => Buffer.from(segment, 'base64url'));
}

/** Another payload under the same signature or tag. */
function tampered(token: string): string {
  // Its first character: the last one may have spare bits, which some decoders ignore.
  return token.replace(
    /\.([^.])([^.]*\.[^.]*)$/,
    (_, first: string, rest: string) => `.${first === 'A' ? 'B' : 'A'}${rest}`,
  );
}

function at(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
