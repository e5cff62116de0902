import { describe, expect, it } from '@jest/globals';
import { randomBytes } from '../../../lib/crypto/random.js';

describe('randomBytes', () => {
  it('gives as many bytes as are asked for, also where they are asked for across two fillings', () => {
    for (const count of [0, 1, 12, 16, 4096, 1, 4095, 1, 4000, 97]) expect(randomBytes(count)).toHaveLength(count);
  });

  it('gives nothing twice', () => {
    const given = Array.from({ length: 5000 }, () => randomBytes(16).toString('hex'));
    expect(new Set(given).size).toBe(5000);
  });

  it('gives every byte about as often', () => {
    const counts = Array.from({ length: 256 }, () => 0);
    for (let round = 0; round < 4000; round++)
      for (const byte of randomBytes(64)) counts[byte] = (counts[byte] ?? 0) + 1;
    // 1000 of each on average, with a standard deviation of 32: ten of these are more than chance.
    expect(Math.min(...counts)).toBeGreaterThan(680);
    expect(Math.max(...counts)).toBeLessThan(1320);
  });

  it('does not lend its own memory', () => {
    const first = randomBytes(16);
    const copy = Buffer.from(first);
    for (let round = 0; round < 300; round++) randomBytes(16);
    expect(first).toStrictEqual(copy);
  });
});
