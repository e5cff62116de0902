// The codecs, in a process of their own: codec.js <rounds> <milliseconds of CPU time in each>. Sends what each operation costs.
import { strictEqual } from 'node:assert/strict';
import { measure } from 'mitata';
import { visitorOf } from './apps/application.js';
import { type Codec, handWritten, newCodec } from './codecs.js';
import { OURS } from './goals.js';
import { byTurns, median } from './measure.js';

/** Each contender's tokens. Once it has seen all, it is made anew: none of them is to be known. */
const TOKENS = 500;
/** Discarded: by then the compiler has done its work. */
const WARM_UP_ROUNDS = 4;

const contenders: Readonly<Record<string, () => Codec>> = {
  'hand-written': () => handWritten,
  [`signed: ${OURS}`]: () => newCodec('signed'),
  [`encrypted: ${OURS}`]: () => newCodec('encrypted'),
};

/** Decoding, first seen to give back what was given. */
function subjectsOf(name: string, create: () => Codec, size: number): [name: string, run: () => unknown][] {
  const [known, visitor] = [create(), visitorOf(size)];
  const tokens = Array.from({ length: TOKENS }, () => known.encode(visitor));
  const [token = ''] = tokens;
  // Each in memory of its own, as the one in a request is.
  const copies = tokens.map(() => Buffer.from(token).toString('latin1'));
  for (const copy of copies) strictEqual((known.decode(copy) as { name?: string }).name, visitor.name, name);
  let [codec, next, again] = [create(), 0, 0];
  const decodeNew = () => {
    if (next === TOKENS) [codec, next] = [create(), 0];
    return codec.decode(tokens[next++] ?? '');
  };
  const decodeAgain = () => known.decode(copies[again++ % TOKENS] ?? '');
  return [
    [`decode, ${size} bytes, ${name}`, decodeNew],
    [`decode, ${size} bytes, ${name}, repeated token`, decodeAgain],
  ];
}

const now = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
};

const [rounds = 1, slice = 1] = process.argv.slice(2).map(Number);
const all = [139, 2500].flatMap((size) =>
  Object.entries(contenders).flatMap(([name, create]) => subjectsOf(name, create, size)),
);
const subjects = all.map(([name, run]) => ({ name, run, found: [] as number[] }));
await byTurns(subjects, WARM_UP_ROUNDS + rounds, async ({ run, found }) => {
  // Always in batches: the clock has microseconds.
  const batches = { batch_samples: 40, batch_threshold: Number.MAX_VALUE, warmup_threshold: Number.MAX_VALUE };
  const { p50 } = await measure(run, { ...batches, now, gc: false, min_samples: 3, min_cpu_time: slice * 1e6 });
  found.push(p50 / 1000);
});
const costs = subjects.map(({ name, found }) => [name, median(found.slice(WARM_UP_ROUNDS))]);
process.send?.(Object.fromEntries(costs), () => process.exit(0));
