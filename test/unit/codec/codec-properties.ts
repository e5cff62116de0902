import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { SECRET } from '../../support/secrets.js';
import { CLAIMS, type CodecFixture } from './codec-contract.js';

/** Tells the seed, so that a red run can be repeated. */
function propertySeed(title: string): number {
  const seed = Date.now() % 2 ** 31;
  process.stdout.write(`${title}: fast-check seed ${seed}\n`);
  return seed;
}

/** What every codec has to do, whatever it is given. */
export function describeCodecProperties(name: string, fixture: CodecFixture): void {
  const codec = fixture.create([SECRET]);
  const token = codec.seal(CLAIMS, '{"user":"ada"}');

  describe(`${name}, as a codec`, () => {
    it('gives back any JSON object that it sealed', () => {
      const data = fc
        .dictionary(
          fc.string({ unit: 'binary' }).filter((key) => key !== '__proto__'),
          fc.jsonValue(),
          { noNullPrototype: true },
        )
        .map((value) => JSON.stringify(value))
        // That key is refused at any depth.
        .filter((text) => !text.includes('__proto__'));
      fc.assert(
        fc.property(data, (text) => {
          const result = codec.unseal(codec.seal(CLAIMS, text));
          expect(result.ok && JSON.stringify(result.data)).toBe(text);
        }),
        { seed: propertySeed(name) },
      );
    });

    it('rejects any other text, without throwing', () => {
      const segment = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom(...token.split('.'), ''));
      const text = fc.array(segment, { maxLength: 7 }).map((parts) => parts.join('.'));
      fc.assert(
        fc.property(text, (given) => given === token || !codec.unseal(given).ok),
        { seed: propertySeed(name), numRuns: 500 },
      );
    });
  });
}
