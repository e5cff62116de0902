import { describe, expect, it, jest } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { KeyRing } from '../../lib/codec/key-ring.js';
import { SignedCodec } from '../../lib/codec/signed.codec.js';

const page = readFileSync(new URL('../../docs/format.md', import.meta.url), 'utf8');
// Inside the repository, so that the programs find their packages.
const directory = fileURLToPath(new URL('../../build/docs-format/', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;

// Processes take their time on a busy machine.
jest.setTimeout(60_000);

const secret = cell('secret');
const cookieName = cell('cookieName');
const token = block('', 'eyJ');
const printed = `${cell('kid')}\n${cell('key')}\n${cell('claims')}\n`;

describe('the page docs/format.md', () => {
  it('has a worked example that is ours, byte by byte', () => {
    const ring = new KeyRing([Buffer.from(secret)], 'HS256', cookieName);
    const codec = new SignedCodec(ring);
    const { data, ...claims } = JSON.parse(cell('claims'));
    expect(ring.newest.kid).toBe(cell('kid'));
    expect(ring.newest.key.export().toString('hex')).toBe(cell('key'));
    expect(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString()).toBe(cell('header'));
    expect(codec.seal(claims, JSON.stringify(data))).toBe(token);
    expect(codec.unseal(token)).toEqual({ ok: true, claims, data, stale: false });
  });

  it('prints what its programs print', () => {
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

/** The value in the row `name` of the worked example. */
function cell(name: string): string {
  const example = page.slice(page.indexOf('## Worked example'));
  const value = new RegExp(`^\\| ${name} +\\| \`(.*?)\` *\\|$`, 'm').exec(example)?.[1];
  if (value === undefined) throw new Error(`docs/format.md has no row "${name}"`);
  return value;
}

/** The fenced block in `language` that begins with `start`. */
function block(language: string, start: string): string {
  for (const [, info, text = ''] of page.matchAll(/^```(.*)\n([^]*?)\n```$/gm)) {
    if (info === language && text.startsWith(start)) return text;
  }
  throw new Error(`docs/format.md has no block in "${language}" that begins with "${start}"`);
}

/** Writes a program of the page into a file; the result runs it with arguments and gives what it prints. */
function program(name: string, text: string, interpreter: string): (...args: string[]) => string {
  mkdirSync(directory, { recursive: true });
  writeFileSync(directory + name, text);
  return (...args) => execFileSync(interpreter, [directory + name, ...args], { encoding: 'utf8', stdio: 'pipe' });
}

/** Another payload under the same signature. */
function tampered(jws: string): string {
  return jws.replace(/\.(.*)\./, (_, payload: string) => `.${payload.slice(0, -1)}A.`);
}

function at(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
