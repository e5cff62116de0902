import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EncryptedCodec } from '../../../lib/codec/encrypted.codec.js';
import type { SessionModuleOptions } from '../../../lib/options/session.options.js';
import { NOW, openSession } from './open-session.js';
import { errorOf } from '../support.js';

beforeAll(() => void jest.useFakeTimers({ now: NOW * 1000 }));
afterAll(() => void jest.useRealTimers());

const TAIL = '; Max-Age=1209600; Path=/; HttpOnly; SameSite=Lax';
const base64Length = (bytes: number) => Math.ceil((bytes * 4) / 3);

/** How long the Set-Cookie line is, as the format says. */
function sizeOf(cookieName: string, text: string, encrypt: boolean): number {
  const id = 'x'.repeat(22);
  const header = encrypt ? `{"alg":"dir","enc":"A256GCM","kid":"12345678.${id}"}` : '{"alg":"HS256","kid":"12345678"}';
  const payload = JSON.stringify({ jti: id, iat: NOW, exp: NOW + 1_209_600, data: { text } });
  const bytes = base64Length(Buffer.byteLength(payload));
  const others = encrypt ? '..'.length + base64Length(12) + '..'.length + base64Length(16) : '..'.length + 43;
  return `${cookieName}=`.length + base64Length(header.length) + bytes + others + TAIL.length;
}

/** Name and text that make a line of exactly this size. */
function fit(size: number, unit: string, encrypt: boolean): { cookieName: string; text: string } {
  for (let count = 0; count < 4096; count++) {
    const text = unit.repeat(count);
    for (const cookieName of ['s', 'ss', 'sss', 'ssss', 'sssss', 'ssssss']) {
      if (sizeOf(cookieName, text, encrypt) === size) return { cookieName, text };
    }
  }
  throw new Error('Nothing fits.');
}

const UNITS: [title: string, unit: string][] = [
  ['ASCII', 'x'],
  ['two bytes a character', 'ü'],
  ['four bytes a character', '🍪'],
  ['characters that JSON escapes', '"'],
];
const CASES = UNITS.flatMap(([title, unit]) =>
  [4095, 4096, 4097].flatMap((size) =>
    [false, true].map((encrypt) => ({ title: `${encrypt ? 'encrypted' : 'signed'}, ${title}`, unit, size, encrypt })),
  ),
);

function openWith(options: Partial<SessionModuleOptions>, text: string) {
  const opened = openSession(undefined, {}, options);
  opened.session.set('text', text);
  return opened;
}

describe('SessionSealer, at the last byte that browsers keep', () => {
  it.each(CASES)('judges a line of $size bytes rightly: $title', ({ unit, size, encrypt }) => {
    const { cookieName, text } = fit(size, unit, encrypt);
    const { manager, request, send } = openWith({ cookieName, encrypt }, text);
    if (size > 4096) {
      const bytes = Buffer.byteLength(JSON.stringify({ text }));
      expect(errorOf(() => manager.seal(request))).toStrictEqual({
        code: 'ERR_SESSION_TOO_LARGE',
        message:
          `Cannot save the session: its cookie would have ${size} bytes, and browsers drop one above 4096. ` +
          `Store less, or only ids; the largest keys are "text" (${bytes} bytes).`,
      });
      expect(send()).toStrictEqual([]);
    } else {
      manager.seal(request);
      const lines = send();
      expect(lines.map((line) => Buffer.byteLength(line))).toStrictEqual([size]);
      expect(lines[0]?.endsWith(TAIL)).toBe(true);
    }
  });
});

describe('SessionSealer, with several cookies', () => {
  it.each([false, true])('spreads a session over as many as it needs: encrypted %p', (encrypt) => {
    const { send } = openWith({ cookieCount: 3, encrypt }, 'ü'.repeat(3000));
    const lines = send();
    expect(lines.map((line) => line.slice(0, line.indexOf('=')))).toStrictEqual(['session', 'session.1', 'session.2']);
    expect(lines.slice(0, 2).map((line) => line.length)).toStrictEqual([4096, 4096]);
    expect(lines.every((line) => line.length <= 4096 && line.endsWith(TAIL))).toBe(true);
  });

  it.each([
    [2, 8192],
    [3, 12_288],
    [16, 12_288],
  ])('refuses what %d cookies cannot hold within what Node reads', (cookieCount, limit) => {
    const { session, manager, request, send } = openWith({ cookieCount }, 'x'.repeat(30_000));
    session.set('list', [1]);
    const { code, message } = errorOf(() => manager.seal(request));
    expect(code).toBe('ERR_SESSION_TOO_LARGE');
    expect(message.replace(/would have 4\d{4} bytes/, 'would have 4???? bytes')).toBe(
      `Cannot save the session: its cookies would have 4???? bytes, and ${limit} are possible with cookieCount ` +
        `${cookieCount}: 4096 each, and all of them within what Node reads of a request's headers. ` +
        'Store less, or only ids; the largest keys are "text" (30011 bytes), "list" (12 bytes).',
    );
    expect(send()).toStrictEqual([]);
  });
});

describe('SessionSealer', () => {
  it('seals the same once, and what has changed again', () => {
    const { session, manager, request, send } = openWith({ encrypt: true }, 'a');
    manager.seal(request);
    const { sealed } = sealedBy(() => manager.seal(request));
    expect(sealed).toBe(0);
    session.set('text', 'b');
    expect(sealedBy(() => manager.seal(request)).sealed).toBe(1);
    expect(sealedBy(send).sealed).toBe(0);
  });
});

/** How many tokens are made meanwhile. */
function sealedBy(run: () => unknown): { sealed: number } {
  const spy = jest.spyOn(EncryptedCodec.prototype, 'seal');
  run();
  const sealed = spy.mock.calls.length;
  spy.mockRestore();
  return { sealed };
}
