import { strict as assert } from 'node:assert';
import { nowInSeconds, type SessionStore } from '../../store/session-store.js';
import { endedBy, newKey, newSession, parallel, stored, type StoreChecks, within } from './samples.js';

/** What a store need not have: `subscribe` and `sweep`. */
export const OPTIONAL_CHECKS: StoreChecks = {
  'subscribe tells which sessions were deleted, until it is stopped': async (store, patience) => {
    if (store.subscribe === undefined) return;
    const subject = newKey();
    const [one, two] = [await stored(store), await stored(store, newSession({ subject }))];
    const early = await listen(store);
    const late = await listen(store);
    await store.delete(one);
    assert.deepEqual(await endedBy(store, subject, nowInSeconds()), [two]);
    await within(
      patience,
      'subscribe() has not told the deleted keys',
      Promise.all([early.until(one), early.until(two)]),
    );
    await early.stop();
    const three = await stored(store);
    await store.delete(three);
    await within(patience, 'subscribe() has not told the deleted key', late.until(three));
    await late.stop();
    assert.ok(!early.heard.has(three), 'subscribe() has told a listener that had stopped.');
  },

  'sweep removes what has expired, at most as many as it may, and nothing else': async (store) => {
    const sweep = store.sweep?.bind(store);
    if (sweep === undefined) return;
    const living = await stored(store, newSession({ subject: newKey() }));
    const expired = newSession({ expiresAt: nowInSeconds() - 0.001, subject: newKey() });
    await parallel(5, async () => stored(store, expired));
    assert.equal(await sweep(2), 2);
    let rest = 0;
    // oxlint-disable-next-line no-await-in-loop -- one run after another, as an application does
    for (let removed = 100; removed === 100; rest += removed) removed = await sweep(100);
    assert.ok(rest >= 3, `sweep() has removed ${rest + 2} expired sessions of 5.`);
    assert.notEqual(await store.load(living), undefined);
  },
};

/** A listener that knows what it has heard, and promises what it has yet to hear. */
async function listen(store: SessionStore) {
  const heard = new Set<string>();
  const waiting = new Map<string, () => void>();
  const stop = await store.subscribe?.((keys) => {
    for (const key of keys) {
      heard.add(key);
      waiting.get(key)?.();
    }
  });
  const until = async (key: string) =>
    new Promise<void>((resolve) => {
      if (heard.has(key)) resolve();
      else waiting.set(key, resolve);
    });
  return { heard, until, stop: async () => stop?.() };
}
