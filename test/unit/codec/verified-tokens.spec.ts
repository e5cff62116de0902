import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { VerifiedTokens } from '../../../lib/codec/verified-tokens.js';

const random = (bytes: number) => randomBytes(bytes).toString('base64url');
/** A token of this many characters; its end is random, as a signature is. */
const newToken = (length = 139) => `${'x'.repeat(length - 44)}.${random(33).slice(0, 43)}`;

/** Adds a token as often as it takes to be kept. */
function keep<T>(memory: VerifiedTokens<T>, token: string, value: T): void {
  memory.add(token, value);
  memory.add(token, value);
}

describe('VerifiedTokens', () => {
  it('keeps a token when it comes for the second time', () => {
    const memory = new VerifiedTokens<string>();
    const token = newToken();
    memory.add(token, 'first');
    expect(memory.get(token)).toBeUndefined();
    memory.add(token, 'second');
    expect(memory.get(token)).toBe('second');
  });

  it('knows a token as a whole, not by its last 43 characters', () => {
    const memory = new VerifiedTokens<string>();
    const token = newToken();
    keep(memory, token, 'value');
    const forged = [`y${token.slice(1)}`, `x${token}`, token.slice(1), token.slice(-43), `${token.slice(0, -1)}!`];
    for (const other of forged) expect(memory.get(other)).toBeUndefined();
    expect(memory.get(token)).toBe('value');
  });

  it('knows an older token as a whole, too', () => {
    const memory = new VerifiedTokens<number>();
    const token = newToken();
    keep(memory, token, 0);
    for (let count = 0; count < 1000; count++) keep(memory, newToken(), count);
    expect(memory.get(`y${token.slice(1)}`)).toBeUndefined();
    expect(memory.get(token)).toBe(0);
  });

  it('takes up no text that is shorter than a signature, and none that is longer than all it may hold', () => {
    const memory = new VerifiedTokens<string>();
    for (const token of ['', 'short', 'x'.repeat(42), newToken(448 * 1024 + 1)]) {
      keep(memory, token, 'value');
      expect(memory.get(token)).toBeUndefined();
    }
  });

  it('holds the last thousand tokens, and at most another thousand', () => {
    const memory = new VerifiedTokens<number>();
    const tokens = Array.from({ length: 5000 }, () => newToken());
    for (const [index, token] of tokens.entries()) keep(memory, token, index);
    const known = tokens.filter((token) => memory.get(token) !== undefined);
    expect(known.length).toBeGreaterThanOrEqual(1000);
    expect(known.length).toBeLessThanOrEqual(2000);
    expect(tokens.slice(-1000).every((token) => memory.get(token) !== undefined)).toBe(true);
  });

  it('holds 448 Ki characters, and at most as many again', () => {
    const memory = new VerifiedTokens<number>();
    const tokens = Array.from({ length: 400 }, () => newToken(8192));
    for (const [index, token] of tokens.entries()) keep(memory, token, index);
    const known = tokens.filter((token) => memory.get(token) !== undefined);
    expect(known.length).toBeGreaterThanOrEqual(56);
    expect(known.length).toBeLessThanOrEqual(112);
  });

  it('keeps a token as long as it is used, whatever else comes', () => {
    const memory = new VerifiedTokens<number>();
    const used = newToken();
    keep(memory, used, -1);
    for (let count = 0; count < 10_000; count++) {
      keep(memory, newToken(), count);
      if (count % 500 === 0) expect(memory.get(used)).toBe(-1);
    }
  });

  it('keeps next to none of the tokens that never come again', () => {
    const memory = new VerifiedTokens<number>();
    const tokens = Array.from({ length: 20_000 }, () => newToken(60));
    for (const [index, token] of tokens.entries()) memory.add(token, index);
    // By chance: two of a place in 4096 with the same 32 bits.
    expect(tokens.filter((token) => memory.get(token) !== undefined).length).toBeLessThanOrEqual(1);
  });

  it('counts a value by the length that it is said to have', () => {
    const memory = new VerifiedTokens<number>();
    const tokens = Array.from({ length: 100 }, () => newToken());
    for (const [index, token] of tokens.entries()) {
      for (let times = 0; times < 2; times++) memory.add(token, index, () => 64 * 1024);
    }
    expect(tokens.filter((token) => memory.get(token) !== undefined).length).toBeLessThanOrEqual(14);
    const large = newToken();
    for (let times = 0; times < 3; times++) memory.add(large, 0, () => 448 * 1024 + 1);
    expect(memory.get(large)).toBeUndefined();
  });

  it('keeps no text that it could not tell from another one', () => {
    const memory = new VerifiedTokens<number>();
    const token = `\u0141${newToken()}`;
    keep(memory, token, 1);
    expect([memory.get(token), memory.get(`A${token.slice(1)}`)]).toEqual([undefined, undefined]);
  });
});
