import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EncryptedCodec } from '../../../lib/codec/encrypted.codec.js';
import { ATTRIBUTES, exactly } from '../../support/large.js';
import { NOW, openSession } from '../../support/open-session.js';
import { errorOf } from '../../support/errors.js';

beforeAll(() => void jest.useFakeTimers({ now: NOW * 1000 }));
afterAll(() => void jest.useRealTimers());

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

describe('SessionSealer, at the last byte that browsers keep', () => {
  it.each(CASES)('judges a line of $size bytes rightly: $title', ({ unit, size, encrypt }) => {
    const { name, text } = exactly(size, 1, encrypt, unit.repeat(100));
    const { session, manager, request, send } = openSession(undefined, {}, { cookieName: name, encrypt });
    session.update({ text, n: 1 });
    if (size > 4096) {
      const bytes = Buffer.byteLength(JSON.stringify({ text }));
      expect(errorOf(() => manager.seal(request))).toStrictEqual({
        code: 'ERR_SESSION_TOO_LARGE',
        message:
          `Cannot save the session: its cookie would have ${size} bytes, and browsers drop one above 4096. ` +
          `Store less, or only ids; the largest keys are "text" (${bytes} bytes), "n" (7 bytes).`,
      });
      expect(send()).toStrictEqual([]);
    } else {
      manager.seal(request);
      const lines = send();
      expect(lines.map((line) => Buffer.byteLength(line))).toStrictEqual([size]);
      expect(lines[0]?.endsWith(ATTRIBUTES)).toBe(true);
    }
  });
});

describe('SessionSealer', () => {
  it('seals the same data once, and changed data again', () => {
    const { session, manager, request, send } = openSession(undefined, {}, { encrypt: true });
    session.set('text', 'a');
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
