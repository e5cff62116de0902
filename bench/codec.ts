// The codecs, in a process of their own. Sends what decoding one token costs.
import { visitorOf } from './apps/application.js';
import { type Codec, handWritten, newCodec } from './codecs.js';
import { byTurns, middle } from './measure.js';
import { OURS } from './rows.js';

/** Tokens in a lot, and lots in a round. */
const [TOKENS, LOTS] = [500, 4];
/** Rounds that do not count, as by then the compiler has done its work, and rounds that do. */
const [WARM_UP, ROUNDS] = [4, 14];

const contenders: Readonly<Record<string, () => Codec>> = {
  'hand-written': () => handWritten,
  [`signed: ${OURS}`]: () => newCodec('signed'),
  [`encrypted: ${OURS}`]: () => newCodec('encrypted'),
};

/** Each decodes a lot, and sees that it gives back what was given. */
function subjectsOf(name: string, create: () => Codec, size: number): [name: string, decode: () => void][] {
  const [known, visitor] = [create(), visitorOf(size)];
  const tokens = Array.from({ length: TOKENS }, () => known.encode(visitor));
  // Each in memory of its own, as the one in a request is.
  const copies = tokens.map(() => Buffer.from(tokens[0] ?? '').toString('latin1'));
  const decode = (codec: Codec, lot: readonly string[]) => {
    if (lot.some((token) => codec.decode(token)['name'] !== visitor.name)) throw new Error(name);
  };
  return [
    // A codec that knows none of them.
    [`decode, ${size} bytes, ${name}`, () => decode(create(), tokens)],
    [`decode, ${size} bytes, ${name}, repeated token`, () => decode(known, copies)],
  ];
}

const subjects = [139, 2500]
  .flatMap((size) => Object.entries(contenders).flatMap(([name, create]) => subjectsOf(name, create, size)))
  .map(([name, decode]) => ({ name, decode, costs: [] as number[] }));
await byTurns(subjects, WARM_UP + ROUNDS, async ({ decode, costs }) => {
  const before = process.cpuUsage();
  for (let lot = 0; lot < LOTS; lot++) decode();
  const { user, system } = process.cpuUsage(before);
  costs.push((user + system) / (LOTS * TOKENS));
});
const found = subjects.map(({ name, costs }) => [name, middle(costs.slice(WARM_UP))]);
process.send?.(Object.fromEntries(found), () => process.exit(0));
