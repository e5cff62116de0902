import { describe, expect, it } from '@jest/globals';
import { chunkName, joinChunks, MAX_CHUNKS, presentChunks } from '../../../lib/cookie/chunks.js';

const join = (header: string | undefined, count: number) => [...joinChunks(header, 's', count)];

describe('chunkName', () => {
  it('is the name itself for the first, and numbered for the others', () => {
    expect([0, 1, 2, 10, 15].map((index) => chunkName('s', index))).toStrictEqual(['s', 's.1', 's.2', 's.10', 's.15']);
    expect(MAX_CHUNKS).toBe(16);
  });
});

describe('presentChunks', () => {
  it.each<[string, string | undefined, number[]]>([
    ['no header', undefined, []],
    ['an empty header', '', []],
    ['other cookies', 'a=1; b=2', []],
    ['our cookie', 's=1', [0]],
    ['an empty cookie of ours', 's=', [0]],
    ['chunks in any order', 's.2=c; s=a; x=1; s.1=b', [0, 1, 2]],
    ['a chunk alone', 's.7=x', [7]],
    ['the last chunk', 's.15=x', [15]],
    ['a chunk beyond the last', 's.16=x', []],
    ['a chunk that is not numbered so', 's.0=x; s.01=x; s.a=x; s.=x; s.1.1=x; s.-1=x; s. 1=x', []],
    ['a longer name with ours at its start', 'ss=1; s1=1; ss.1=1; s-1=1', []],
    ['a longer name with ours at its end', 'xs=1; xs.1=1', []],
    ['our name in a value', 'x=s=1; y=s.1=2', []],
    ['several of one name', 's.1=a; s.1=b; s=1; s=2', [0, 1]],
  ])('finds in %s', (_, header, expected) => {
    expect(presentChunks(header, 's')).toStrictEqual(expected.map((index) => chunkName('s', index)));
  });

  it('finds a name with dots and digits', () => {
    expect(presentChunks('s.1=a; s.1.1=b; s.1.2=c', 's.1')).toStrictEqual(['s.1', 's.1.1', 's.1.2']);
  });
});

describe('joinChunks', () => {
  it.each<[string, string | undefined, number, string[]]>([
    ['no header', undefined, 3, []],
    ['an empty header', '', 3, []],
    ['other cookies', 'a=1', 3, []],
    ['one cookie', 's=a', 3, ['a']],
    ['all chunks, then fewer', 's=a; s.1=b; s.2=c', 3, ['abc', 'ab', 'a']],
    ['chunks in any order', 's.2=c; s=a; s.1=b', 3, ['abc', 'ab', 'a']],
    ['no more chunks than allowed', 's=a; s.1=b; s.2=c', 2, ['ab', 'a']],
    ['chunks up to the first missing one', 's=a; s.2=c; s.3=d', 4, ['a']],
    ['chunks up to the first empty one', 's=a; s.1=; s.2=c', 3, ['a']],
    ['an empty cookie beside another', 's=; s=a; s.1=b; s.1=', 2, ['ab', 'a']],
    ['no first chunk', 's.1=b; s.2=c', 3, []],
    ['an empty first chunk', 's=; s.1=b', 3, []],
    ['two of the first', 's=a; s=b', 3, ['a', 'b']],
    ['two of each', 's=a; s=b; s.1=c; s.1=d', 2, ['ac', 'a', 'ad', 'b', 'bc', 'bd']],
    ['a stray last one', 's=a; s=b; s.1=c', 2, ['ac', 'a', 'bc', 'b']],
    ['only four of one name', 's=a; s=b; s=c; s=d; s=e', 2, ['a', 'b', 'c', 'd']],
  ])('puts together %s', (_, header, count, expected) => {
    expect(join(header, count)).toStrictEqual(expected);
  });

  it('joins up to sixteen chunks in the order of their numbers', () => {
    const letters = Array.from('abcdefghijklmnop');
    const header = letters.map((letter, index) => `${chunkName('s', index)}=${letter}`).toReversed();
    const candidates = join(header.join('; '), 16);
    expect(candidates).toHaveLength(16);
    expect(candidates).toStrictEqual(letters.map((_, index) => letters.slice(0, 16 - index).join('')));
  });

  it('looks sixteen times and no more, by turns for all chunks and for fewer', () => {
    const header = ['a', 'b', 'c', 'd'].flatMap((letter) => [`s=${letter}`, `s.1=${letter}`, `s.2=${letter}`]);
    const fourTimes = ['aaa', 'aa', 'a', 'aab', 'ab', 'b', 'aac', 'ac', 'c', 'aad', 'ad', 'd'];
    // The fifth time finds no other first cookie, which counts as a look too.
    expect(join(header.join('; '), 3)).toStrictEqual([...fourTimes, 'aba', 'ba', 'abb']);
  });

  it('looks once only whether there are other cookies', () => {
    const header = ['a', 'b', 'c', 'd'].flatMap((letter) => [`s=${letter}`, `s.1=${letter}`]);
    const fourTimes = ['aa', 'a', 'ab', 'b', 'ac', 'c', 'ad', 'd'];
    expect(join(header.join('; '), 2)).toStrictEqual([...fourTimes, 'ba', 'bb', 'bc', 'bd', 'ca', 'cb', 'cc']);
  });

  it('does not look for chunks that did not come', () => {
    expect(join('s=a; s=b; s=c', 16)).toStrictEqual(['a', 'b', 'c']);
  });

  it('finds a token in one cookie behind any planted chunks', () => {
    const planted = Array.from({ length: 15 }, (_, index) => Array.from({ length: 4 }, () => `s.${index + 1}=junk`));
    const header = ['s=token', ...planted.flat()].join('; ');
    expect(join(header, 16)).toContain('token');
    expect(join(header, 2)).toStrictEqual(['tokenjunk', 'token', 'tokenjunk', 'tokenjunk', 'tokenjunk']);
  });

  it('looks no further than the candidates that are asked for', () => {
    const pulled: string[] = [];
    for (const candidate of joinChunks('s=a; s.1=b; s.2=c', 's', 3)) if (pulled.push(candidate) === 2) break;
    expect(pulled).toStrictEqual(['abc', 'ab']);
  });

  it('makes no candidate before it is asked for', () => {
    const names = Array.from({ length: 16 }, (_, index) => chunkName('s', index));
    const header = names.flatMap((name) => Array.from({ length: 4 }, () => `${name}=x`)).join('; ');
    const start = process.hrtime.bigint();
    const [first] = joinChunks(header, 's', 16);
    expect(first).toBe('x'.repeat(16));
    expect(join(header, 16)).toHaveLength(16);
    expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(1000);
  });
});
