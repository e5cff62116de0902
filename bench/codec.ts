// The codecs, in a process of their own. Sends what decoding one token costs.
import { visitorOf } from './apps/application.js';
import { type Codec, handWritten, newCodec } from './codecs.js';
import { byTurns, middle } from './measure.js';
import { OURS } from './rows.js';

/** Tokens that are decoded in a round. */
const TOKENS = 500;
/** Rounds that do not count, as by then the compiler has done its work, and rounds that do. */
const [WARM_UP, ROUNDS] = [16, 56];

const contenders: Readonly<Record<string, () => Codec>> = {
  'hand-written': () => handWritten,
  [`signed: ${OURS}`]: () => newCodec('signed'),
  [`encrypted: ${OURS}`]: () => newCodec('encrypted'),
};

/** Each decodes all tokens, and sees that they give back what was given. */
function subjectsOf(name: string, create: () => Codec, size: number) {
  const [known, visitor] = [create(), visitorOf(size)];
  const tokens = Array.from({ length: TOKENS }, () => known.encode(visitor));
  // Each in memory of its own, as the one in a request is.
  const copies = tokens.map(() => Buffer.from(tokens[0] ?? '').toString('latin1'));
  const decode = (codec: Codec, given: readonly string[]) => {
    if (given.some((token) => codec.decode(token)['name'] !== visitor.name)) throw new Error(name);
  };
  const text = `decode, ${size} bytes, ${name}`;
  return [
    // A codec that knows none of them.
    { name: text, run: () => decode(create(), tokens), costs: [] as number[] },
    { name: `${text}, repeated token`, run: () => decode(known, copies), costs: [] as number[] },
  ];
}

const subjects = [139, 2500].flatMap((size) =>
  Object.entries(contenders).flatMap(([name, create]) => subjectsOf(name, create, size)),
);
await byTurns(subjects, WARM_UP + ROUNDS, async ({ run, costs }) => {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  costs.push((user + system) / TOKENS);
});
const found = subjects.map(({ name, costs }) => [name, middle(costs.slice(WARM_UP))]);
process.send?.(Object.fromEntries(found), () => process.exit(0));
