import { describe, expect, it } from '@jest/globals';
import { shareHeaders, SharedLimits } from '../../../lib/options/header-budget.js';

describe('shareHeaders', () => {
  it.each<[string, counts: number[], headerSize: number | undefined, sizes: number[]]>([
    ['gives one session what it wants', [1], undefined, [4096]],
    ['gives one session all that Node reads, but for 4 KiB', [16], undefined, [12_288]],
    ['gives all sessions what they want where there is room', [1, 1, 1], undefined, [4096, 4096, 4096]],
    ['divides among equals', [3, 3], undefined, [6144, 6144]],
    ['divides among single cookies too', [1, 1, 1, 1], undefined, [3072, 3072, 3072, 3072]],
    ['gives small sessions what they want, and the rest to large ones', [16, 1, 3], undefined, [4096, 4096, 4096]],
    ['leaves what small sessions do not want', [2, 1, 16], 32_768, [8192, 4096, 16_384]],
    ['goes by what the server reads, if that is more', [16], 65_536, [61_440]],
    ['goes by what the server reads, if that is less', [3], 8192, [4096]],
    ['leaves half of a small header', [1], 4096, [2048]],
  ])('%s', (_, counts, headerSize, sizes) => {
    const sessions = counts.map((count) => new SharedLimits(count));
    shareHeaders(sessions, headerSize);
    expect(sessions.map(({ size }) => size)).toStrictEqual(sizes);
  });

  it('has nothing to give without sessions', () => {
    expect(() => shareHeaders([])).not.toThrow();
  });
});
