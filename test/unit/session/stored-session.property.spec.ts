import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { memoryStore, type SessionStore } from 'nestjs-sessions/store';
import { exchangeWith } from '../../support/exchange.js';
import { beginSession, managerOver, type Mode, sentBy, storeAround } from './support/stored-requests.js';

const seed = Date.now() % 2 ** 31;
process.stdout.write(`stored session: fast-check seed ${seed}\n`);

/** A store whose commands are carried out in the order that the scheduler decides. */
function scheduled(store: SessionStore, scheduler: fc.Scheduler): SessionStore {
  return storeAround(store, async (command, carryOut) => {
    await scheduler.schedule(Promise.resolve(), command);
    return carryOut();
  });
}

type Change = readonly [key: string, value: number | undefined];

const changes = fc.array(
  fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined })),
  { maxLength: 4 },
);

/**
 * How a session is kept, how it began (in the store itself, or in a cookie that the instance takes over), and whether the store
 * is told whose it is.
 */
const MODES = (['store', 'cookie'] as const).flatMap((data) =>
  [false, true].flatMap((adopt) => [
    { data, adopt },
    { data, adopt, subject: () => 'ada' },
  ]),
);

/** Begins a session and returns what requests with its cookie do. */
async function begin(
  scheduler: fc.Scheduler,
  mode: Mode = {},
  // What never changes keeps the session from being emptied, which may end it.
  initial: Record<string, number> = { keep: 0, a: 0, b: 0 },
) {
  const store = memoryStore();
  const dataAtEnd = watchEnd(store, initial);
  const { cookie, readLater } = await beginSession(store, mode, initial);
  /** All cookies that the session has had. */
  const cookies = [cookie];
  const manager = managerOver(scheduled(store, scheduler), mode);

  const request = async (work: readonly Change[], isEnd = false) => {
    const { request: each, response } = exchangeWith(cookie);
    await manager.load(each, response);
    const session = manager.open(each, response);
    const read = { ...session.data };
    if (isEnd) session.destroy();
    for (const [key, value] of work) {
      if (value === undefined) session.delete(key);
      else session.set(key, value);
    }
    await manager.save(each);
    const sent = sentBy(response);
    if (!isEnd && Object.hasOwn(read, 'keep') && sent !== undefined) cookies.push(sent);
    return read;
  };

  /** Regenerates the session, and keeps two keys. @returns what the new one has later; `undefined` where there is none */
  const regenerate = async () => {
    const { request: each, response } = exchangeWith(cookie);
    await manager.load(each, response);
    manager.open(each, response).regenerate({ keep: ['keep', 'a'] });
    await manager.save(each);
    const sent = sentBy(response);
    return async () => {
      const data = sent === undefined ? {} : await readLater(sent);
      return 'keep' in data ? data : undefined;
    };
  };

  return { request, regenerate, readLater, cookies, dataAtEnd };
}

/** @returns what a session had when a save has ended it; what it began with where it had no record then */
function watchEnd(store: SessionStore, initial: object): () => Record<string, unknown> {
  let text = JSON.stringify(initial);
  const save = store.save.bind(store);
  store.save = async (key, session, moved) => {
    const result = await save(key, session, moved);
    if (result === 'saved' && session.expiresAt < Date.now() / 1000) ({ text } = session);
    return result;
  };
  return () => JSON.parse(text) as Record<string, unknown>;
}

const lastOf = (work: readonly Change[], key: string) => work.findLast(([each]) => each === key);

describe('Two requests over one store, in any order', () => {
  it('lose nothing that one has set when the other empties the session', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const { request, readLater, dataAtEnd } = await begin(scheduler, {}, { a: 0 });
        await scheduler.waitFor(Promise.all([request([['a', undefined]]), request([['b', 2]])]));
        // Where it has ended, it did so before the other request has saved.
        expect([{}, { b: 2 }]).toContainEqual(await readLater());
        expect(dataAtEnd()).toEqual({ a: 0 });
      }),
      { seed, numRuns: 200 },
    );
  });

  it('keep what each has changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), changes, changes, async (scheduler, one, two) => {
        const { request, readLater } = await begin(scheduler);
        const both = Promise.all([request(one), request(two)]);
        await scheduler.waitFor(both);
        const data: Record<string, unknown> = await readLater();
        const before: Record<string, unknown> = { keep: 0, a: 0, b: 0 };
        for (const key of ['keep', 'a', 'b', 'c', 'd']) {
          const wishes = [lastOf(one, key), lastOf(two, key)].filter((each) => each !== undefined);
          const possible: unknown[] = wishes.length === 0 ? [before[key]] : wishes.map(([, value]) => value);
          // A request that sets what is there already has changed nothing.
          if (wishes.length > 0) possible.push(...possible.filter((value) => value === before[key]));
          expect(possible).toContain(data[key]);
        }
      }),
      { seed, numRuns: 200 },
    );
  });

  it.each(MODES)(
    'both regenerate the session and keep a value: one of them at most has a session then: %o',
    async (mode) => {
      await fc.assert(
        fc.asyncProperty(fc.scheduler(), changes, async (scheduler, work) => {
          const { request, regenerate, readLater } = await begin(scheduler, mode);
          const all = Promise.all([regenerate(), regenerate(), request(work)]);
          await scheduler.waitFor(all);
          const [one, two] = await all;
          const living = [await one(), await two()].filter((data) => data !== undefined);
          expect(living).toHaveLength(1);
          expect(await readLater()).toEqual({});
        }),
        { seed, numRuns: 200 },
      );
    },
  );

  it.each(MODES.filter(({ data }) => data === 'store'))(
    'keep, in the keys that regenerate() keeps and in no other, what was saved before the session ended: %o',
    async (mode) => {
      await fc.assert(
        fc.asyncProperty(fc.scheduler(), changes, changes, async (scheduler, one, two) => {
          const { request, regenerate, dataAtEnd } = await begin(scheduler, mode);
          const all = Promise.all([regenerate(), request(one), request(two)]);
          await scheduler.waitFor(all);
          const [later] = await all;
          const { keep, a } = dataAtEnd();
          expect(await later()).toEqual(a === undefined ? { keep } : { keep, a });
        }),
        { seed, numRuns: 200 },
      );
    },
  );

  it.each(MODES)('read nothing once one of them has ended the session, and nothing comes back: %o', async (mode) => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), changes, changes, async (scheduler, one, two) => {
        const { request, readLater, cookies } = await begin(scheduler, mode);
        let hasEnded = false;
        const end = request([], true).then(() => (hasEnded = true));
        const after = async (work: readonly Change[]) => {
          const isAfter = hasEnded;
          const read = await request(work);
          if (isAfter) expect(read).toEqual({});
        };
        const all = Promise.all([end, after(one), after(two), end.then(() => after(one))]);
        await scheduler.waitFor(all);
        for (const each of cookies) expect(await readLater(each)).toEqual({});
      }),
      { seed, numRuns: 200 },
    );
  });
});
