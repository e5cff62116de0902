import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { runWith, vectorsOf } from './support.js';

const seed = Date.now() % 2 ** 31;
process.stdout.write(`inspect: fast-check seed ${seed}\n`);

const SECRET = 'nestjs-sessions-interop-secret!!';
const TOKENS = [
  ...vectorsOf('signed-v1').map(({ token }) => token),
  ...vectorsOf('encrypted-v1').map(({ token }) => token),
  ...vectorsOf('interop').flatMap(({ values }) => values.filter((value) => value !== undefined)),
];

/** A recorded cookie with a piece of it replaced. */
const damaged = fc
  .tuple(fc.constantFrom(...TOKENS), fc.nat(2000), fc.nat(40), fc.string({ unit: 'binary' }))
  .map(([token, at, length, text]) => token.slice(0, at) + text + token.slice(at + length));
const piece = fc.oneof(
  damaged,
  fc.constantFrom(...TOKENS),
  fc.constantFrom(
    'session=',
    'session.1=',
    'session.sig=',
    '; ',
    '=',
    '\r\n',
    'Set-Cookie: ',
    'Cookie: ',
    '; Path=/',
    '.',
    '-',
  ),
  fc.string({ unit: 'binary' }),
);
const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
const bytes = fc.uint8Array({ maxLength: 5000 });

/** What a terminal could act on. */
const CONTROL = /(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/u;

describe('inspect, whatever it is given', () => {
  it.each([{}, { SESSION_SECRET: SECRET }])(
    'ends with an answer, and prints no control character (%j)',
    async (env) => {
      await fc.assert(
        fc.asyncProperty(fc.oneof(text, bytes), fc.boolean(), fc.boolean(), async (stdin, isJson, showValues) => {
          const args = ['inspect', '-', ...(isJson ? ['--json'] : []), ...(showValues ? ['--values'] : [])];
          const { code, out, err } = await runWith(args, { env, stdin });
          expect([0, 1, 2]).toContain(code);
          expect(out === '').toBe(code === 2);
          expect(err === '').toBe(code !== 2);
          expect(out + err).not.toMatch(CONTROL);
          expect(out + err).not.toContain(SECRET);
          if (isJson && out !== '') expect(JSON.parse(out)).toHaveProperty('verdict');
        }),
        { seed, numRuns: 300 },
      );
    },
  );

  it('takes as an argument what it takes from the standard input', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (cookie) => {
        fc.pre(cookie !== '-');
        expect(await runWith(['inspect', '--', cookie])).toEqual(await runWith(['inspect', '-'], { stdin: cookie }));
      }),
      { seed, numRuns: 200 },
    );
  });

  it.each([
    ['150,000 cookies', Array.from({ length: 150_000 }, (_, index) => `${index}=`).join(';')],
    ['cookies of one name', 'session=;'.repeat(100_000)],
    ['one cookie in many chunks', Array.from({ length: 60_000 }, (_, index) => `session.${index % 16}=x`).join(';')],
    ['dots', '.'.repeat(1_000_000)],
    ['equals signs', '='.repeat(1_000_000)],
    [
      'a deep session',
      `eyJhbGciOiJIUzI1NiIsImtpZCI6Iktoa1RqRl9UIn0.${Buffer.from(`{"data":${'['.repeat(500_000)}`).toString('base64url')}.x`,
    ],
    ['blanks', ' '.repeat(1_000_000)],
    ['lines', '\n\r'.repeat(500_000)],
  ])('answers soon about %s', async (_, stdin) => {
    const start = performance.now();
    const { code } = await runWith(['inspect', '-'], { stdin });
    expect(code).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
