import { beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import * as fc from 'fast-check';
import type { SessionService } from 'nestjs-sessions';
import { memoryStore, type SessionStore } from 'nestjs-sessions/store';
import { exchangeWith } from '../../support/exchange.js';
import { beginSession, managerOver, type Mode, sentBy, storeAround } from './support/stored-requests.js';

const seed = Date.now() % 2 ** 31;
process.stdout.write(`lost answers: fast-check seed ${seed}\n`);

/** Each failure of the store is a line otherwise. */
beforeAll(() => Logger.overrideLogger(false));

const BEGUN = { keep: 0, a: 0, b: 0, c: 0 };
/** A change of `b` is a log-in, a log-out or a change of person. */
const subject: Mode['subject'] = ({ b }) => (b === undefined ? undefined : `person ${b as number}`);

/** What becomes of a command: it fails before or after it was carried out, or is carried out some time after it has failed. */
type Fault = 'none' | 'before' | 'after' | 'late';
const faults = fc.array(fc.constantFrom<Fault>('none', 'none', 'none', 'before', 'after', 'late'), { maxLength: 16 });

/** What a handler does. `save`: it goes on where that fails. */
type Step =
  readonly ['set', string, number] | readonly ['delete', string] | readonly ['save' | 'clear' | 'renew' | 'destroy'];

/** Each request has keys of its own, so that it is certain what has to be there. */
const steps = (keys: readonly string[], others: readonly ('clear' | 'renew' | 'destroy')[]) =>
  fc.array(
    fc.oneof(
      fc.tuple(fc.constant('set' as const), fc.constantFrom(...keys), fc.integer({ min: 1, max: 9 })),
      fc.tuple(fc.constant('delete' as const), fc.constantFrom(...keys)),
      fc.tuple(fc.constantFrom('save' as const, ...others)),
    ),
    { maxLength: 6 },
  );

async function take(session: SessionService, step: Step): Promise<void> {
  if (step[0] === 'set') session.set(step[1], step[2]);
  else if (step[0] === 'delete') session.delete(step[1]);
  else if (step[0] === 'clear') session.clear();
  else if (step[0] === 'renew') session.regenerate({ keep: ['keep', 'a'] });
  else if (step[0] === 'destroy') session.destroy();
  else await session.save().catch(() => undefined);
}

/** A session that was begun, and requests with its cookie, each over a store of its own that fails. */
async function begin(scheduler: fc.Scheduler, options: Mode) {
  const store = memoryStore();
  let key = '';
  const create = store.create.bind(store);
  store.create = (name, ...rest) => create((key = name), ...rest);
  const { cookie, readLater } = await beginSession(store, options, BEGUN);
  store.create = create;
  let endedBy: string | undefined;

  /** Carries out commands for one request, and writes down if one of them ends the session. */
  const failing = (name: string, left: Fault[]): SessionStore => {
    return storeAround(store, async (command, carryOut) => {
      const run = async () => {
        const before = store.load(key);
        const result = carryOut();
        const after = store.load(key);
        if ((await before) !== undefined && (await after) === undefined) endedBy = name;
        return result;
      };
      const fault = left.shift() ?? 'none';
      await scheduler.schedule(Promise.resolve(), command);
      if (fault === 'late') void scheduler.schedule(Promise.resolve(), `late ${command}`).then(run);
      const result = fault === 'none' || fault === 'after' ? await run() : undefined;
      if (fault !== 'none') throw new Error('down');
      return result;
    });
  };

  /** @returns what the session had when the request was answered, and what its client reads later */
  const request = async (name: string, work: readonly Step[], failures: readonly Fault[]) => {
    const left: Fault[] = [];
    const manager = managerOver(failing(name, left), options);
    const exchange = exchangeWith(cookie);
    await manager.load(exchange.request, exchange.response);
    left.push(...failures);
    const session = manager.open(exchange.request, exchange.response);
    if (!Object.hasOwn(session.data, 'keep')) return undefined;
    for (const step of work) await take(session, step);
    const own: Record<string, unknown> = { ...session.data };
    try {
      await manager.save(exchange.request);
    } catch {
      return undefined;
    }
    const sent = sentBy(exchange.response);
    return { own, readLater: () => readLater(sent) };
  };

  return { request, readBefore: () => readLater(), endedBy: () => endedBy };
}

describe('Two requests over a store that may fail before, after and long before it has carried out a command', () => {
  it.each<Mode>([
    { data: 'store' },
    { data: 'cookie' },
    { data: 'store', subject },
    { data: 'cookie', subject },
    { data: 'store', adopt: true },
    { data: 'cookie', adopt: true },
  ])('end without an error only where the store has what they have said: %o', async (options) => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        steps(['a', 'b'], ['clear', 'renew', 'destroy']),
        faults,
        steps(['c', 'd'], ['destroy']),
        faults,
        async (scheduler, one, faultsOfOne, two, faultsOfTwo) => {
          const { request, readBefore, endedBy } = await begin(scheduler, options);
          const both = Promise.all([request('one', one, faultsOfOne), request('two', two, faultsOfTwo)]);
          await scheduler.waitFor(both);
          await scheduler.waitAll();
          const [first, second] = await both;
          const hasEnded = two.some(([kind]) => kind === 'destroy');
          if (first !== undefined) {
            const read = await first.readLater();
            // Nothing of the session outlives its end by the other request, and nothing is lost without it. Which of them has
            // ended one that is taken over is not seen here.
            if (endedBy() === 'two') expect(read.keep).toBeUndefined();
            else if (options.adopt !== true || !hasEnded)
              for (const key of ['keep', 'a', 'b']) expect([key, read[key]]).toEqual([key, first.own[key]]);
          }
          if (second === undefined) return;
          if (hasEnded) expect(await readBefore()).toEqual({});
          // The other one deletes its keys as well, or has ended the session; or the answer that comes later counts.
          const ends = options.adopt === true ? ['clear', 'renew', 'destroy'] : ['clear'];
          if (one.some(([kind]) => ends.includes(kind)) || endedBy() === 'one' || options.data === 'cookie') return;
          const read = await second.readLater();
          for (const key of ['c', 'd']) expect([key, read[key]]).toEqual([key, second.own[key]]);
        },
      ),
      { seed, numRuns: 400 },
    );
  });
});
