import { strict as assert } from 'node:assert';
import { nowInSeconds } from '../../store/session-store.js';
import { keysOf, newKey, newSession, parallel, stored, type StoreChecks } from './samples.js';

/** Rule 7: the index of a subject's sessions shows the living ones, as they are. */
export const INDEX_CHECKS: StoreChecks = {
  '7: listOf gives all of a session but its data, and nothing of sessions without a subject': async (store) => {
    const subject = newKey();
    const { text, ...info } = newSession({ subject, device: 'a phone', text: 'secret' });
    const key = await stored(store, { ...info, text });
    await stored(store);
    const {
      key: listed,
      version,
      createdAt,
      seenAt,
      expiresAt,
      subject: whose,
      device,
      ...rest
    } = (await store.listOf(subject))[0] ?? {};
    assert.deepEqual({ version, createdAt, seenAt, expiresAt, subject: whose, device }, info);
    assert.equal(listed, key);
    assert.deepEqual(rest, {});
  },

  '7: listOf follows save and touch: version, times and subject': async (store) => {
    const [first, second] = [newKey(), newKey()];
    const session = newSession({ subject: first });
    const key = await stored(store, session);
    assert.equal(await store.save(key, { ...session, expiresAt: session.expiresAt + 60 }, true), 'saved');
    assert.equal(await store.touch(key, session.seenAt + 5, session.expiresAt + 120), true);
    const [{ version, seenAt, expiresAt } = {}] = await store.listOf(first);
    assert.deepEqual([version, seenAt, expiresAt], [2, session.seenAt + 5, session.expiresAt + 120]);
    assert.equal(await store.save(key, { ...session, version: 2, subject: second }, true), 'saved');
    assert.deepEqual([await keysOf(store, first), await keysOf(store, second)], [[], [key]]);
  },

  '7: listOf shows a session that got its subject after it began, and no longer one that lost it': async (store) => {
    const subject = newKey();
    const key = await stored(store);
    assert.equal(await store.save(key, newSession({ subject }), true), 'saved');
    assert.deepEqual(await keysOf(store, subject), [key]);
    assert.equal(await store.save(key, newSession({ version: 2 }), true), 'saved');
    assert.deepEqual(await keysOf(store, subject), []);
  },

  '7: listOf loses no session that is created, saved or extended at the same time': async (store) => {
    const subject = newKey();
    const expiresAt = nowInSeconds() + 400;
    const write = async () => {
      const key = await stored(store, newSession({ subject }));
      assert.equal(await store.save(key, newSession({ subject, expiresAt }), true), 'saved');
      assert.equal(await store.touch(key, nowInSeconds(), expiresAt), true);
      return key;
    };
    const [keys] = await Promise.all([parallel(10, write), parallel(30, async () => store.listOf(subject))]);
    assert.deepEqual(await keysOf(store, subject), keys.toSorted());
  },
};
