import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { chunkName, joinChunks, presentChunks } from '../../../lib/cookie/chunks.js';

const seed = Date.now() % 2 ** 31;
process.stdout.write(`joinChunks: fast-check seed ${seed}\n`);

const join = (header: string, count: number) => [...joinChunks(header, 's', count)];

describe('joinChunks', () => {
  it('makes at most sixteen candidates of any header, each of parts that came', () => {
    const pair = fc
      .tuple(fc.integer({ min: 0, max: 17 }), fc.constantFrom('', 'a', 'b', 'cc'))
      .map(([index, value]) => `${chunkName('s', index)}=${value}`);
    const piece = fc.oneof({ arbitrary: pair, weight: 5 }, { arbitrary: fc.string(), weight: 1 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60, size: 'max' }), fc.integer({ min: 1, max: 16 }), (pieces, count) => {
        const header = pieces.join('; ');
        const candidates = join(header, count);
        expect(candidates.length).toBeLessThanOrEqual(16);
        expect(candidates.every((candidate) => candidate !== '')).toBe(true);
        const longest = Math.max(0, ...pieces.map((text) => text.length));
        expect(candidates.every((candidate) => candidate.length <= count * longest)).toBe(true);
        if (presentChunks(header, 's').length === 0) expect(candidates).toStrictEqual([]);
      }),
      { seed },
    );
  });
});
