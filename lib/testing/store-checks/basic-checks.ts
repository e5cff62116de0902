import { strict as assert } from 'node:assert';
import { nowInSeconds, type SessionStore, type StoredSession } from '../../store/session-store.js';
import { assertKept, keysOf, newKey, newSession, parallel, stored, type StoreChecks } from './samples.js';

/** What is kept, and rules 1 to 3. */
export const BASIC_CHECKS: StoreChecks = {
  'keeps a session as it was created': async (store) => {
    const session = newSession({ version: 7, subject: newKey(), device: 'Firefox – Linux', createdAt: 1.25 });
    await assertKept(store, await stored(store, session), session);
  },

  'keeps any text: none, quotes, line breaks, 200 kB of every kind of character': async (store) => {
    const texts = ['', `'"\\\n\r\t`, 'ä€😀\u2028'.repeat(20_000)];
    for (const session of texts.map((text) => newSession({ text }))) {
      // oxlint-disable-next-line no-await-in-loop -- one after another: the error names the first text that is not kept
      await assertKept(store, await stored(store, session), session);
    }
  },

  'knows no session that was not created: neither save nor touch creates one': async (store) => {
    const [key, subject] = [newKey(), newKey()];
    assert.equal(await store.load(key), undefined);
    assert.equal(await store.save(key, newSession({ subject }), true), 'gone');
    assert.equal(await store.touch(key, nowInSeconds(), nowInSeconds() + 300), false);
    await store.delete(key);
    await assertGone(store, key, subject);
  },

  'save replaces a session and adds one to its version': async (store) => {
    const before = newSession();
    const key = await stored(store, before);
    const session = { ...before, text: '{"b":2}', device: 'a phone', seenAt: before.seenAt + 1 };
    assert.equal(await store.save(key, session, false), 'saved');
    await assertKept(store, key, { ...session, version: 2 });
    assert.equal(await store.save(key, { ...session, version: 2, text: '' }, true), 'saved');
    await assertKept(store, key, { ...session, version: 3, text: '' });
  },

  'save leaves subject and end as they are stored, unless it is told that they have moved': async (store) => {
    const session = newSession({ subject: newKey() });
    const key = await stored(store, session);
    const expiresAt = session.expiresAt + 60;
    assert.equal(await store.touch(key, session.seenAt, expiresAt), true);
    assert.equal(await store.save(key, { ...session, text: 'saved' }, false), 'saved');
    await assertKept(store, key, { ...session, text: 'saved', version: 2, expiresAt });
    assert.deepEqual(await keysOf(store, session.subject ?? ''), [key]);
    assert.equal(await store.save(key, { ...session, version: 2 }, true), 'saved');
    await assertKept(store, key, { ...session, version: 3 });
  },

  'touch extends a session, and leaves data and version alone': async (store) => {
    const session = newSession({ subject: newKey(), device: 'a phone' });
    const key = await stored(store, session);
    const times = { seenAt: session.seenAt + 1, expiresAt: session.expiresAt + 60 };
    assert.equal(await store.touch(key, times.seenAt, times.expiresAt), true);
    await assertKept(store, key, { ...session, ...times });
  },

  "1: of 50 writers with one version exactly one is told 'saved', and its text is kept": async (store) => {
    const key = await stored(store);
    const answers = await parallel(50, async (index) =>
      store.save(key, newSession({ text: `${index}` }), index % 2 === 1),
    );
    assert.deepEqual(answers.toSorted(), [...Array.from({ length: 49 }, () => 'conflict'), 'saved']);
    const kept = await store.load(key);
    assert.deepEqual([kept?.text, kept?.version], [`${answers.indexOf('saved')}`, 2]);
  },

  "1: a save with a version that is not the present one is a 'conflict' and changes nothing": async (store) => {
    const session = newSession({ version: 5 });
    const key = await stored(store, session);
    for (const version of [4, 6]) {
      // oxlint-disable-next-line no-await-in-loop -- one answer at a time: the error names the version
      assert.equal(await store.save(key, newSession({ version, text: 'other' }), false), 'conflict');
    }
    await assertKept(store, key, session);
  },

  '2: nothing brings a deleted session back': async (store) => {
    const session = newSession({ subject: newKey() });
    const key = await stored(store, session);
    await store.delete(key);
    await assertDead(store, key, session);
  },

  '2: nothing brings a session back that was deleted with all of its subject': async (store) => {
    const subject = newKey();
    const session = newSession({ subject });
    const key = await stored(store, session);
    await store.deleteAllOf(subject, nowInSeconds());
    await assertDead(store, key, session);
  },

  '2: a session is gone after delete, whatever is written at the same time': async (store) => {
    const subject = newKey();
    const keys = await parallel(10, async () => stored(store, newSession({ subject })));
    await parallel(10, async (index) => {
      const key = keys[index] ?? '';
      const save = async () => store.save(key, newSession({ subject, expiresAt: nowInSeconds() + 400 }), true);
      const touch = async () => store.touch(key, nowInSeconds(), nowInSeconds() + 400);
      await Promise.all([save(), touch(), store.delete(key), save(), touch()]);
    });
    for (const key of keys) {
      // oxlint-disable-next-line no-await-in-loop -- the error names the first
      await assertGone(store, key, subject);
    }
  },

  '3: a session is gone from expiresAt on, whether the engine has cleaned up or not': async (store) => {
    const session = newSession({ subject: newKey(), expiresAt: nowInSeconds() - 0.001 });
    await assertDead(store, await stored(store, session), session);
  },

  '3: a session that was shortened ends at its new time, one that was extended lives on': async (store) => {
    const [shortened, extended] = [await stored(store), await stored(store)];
    const now = nowInSeconds();
    assert.equal(await store.save(shortened, newSession({ expiresAt: now - 0.001 }), true), 'saved');
    assert.equal(await store.touch(extended, now, now + 31_536_000), true);
    assert.equal(await store.load(shortened), undefined);
    assert.equal((await store.load(extended))?.expiresAt, now + 31_536_000);
  },

  '3: touch never shortens: a request that knows an older end does not take a later one back': async (store) => {
    const session = newSession({ subject: newKey() });
    const key = await stored(store, session);
    assert.equal(await store.touch(key, session.seenAt - 1, session.expiresAt - 60), true);
    await assertKept(store, key, session);
    assert.equal(await store.touch(key, session.seenAt, nowInSeconds() - 0.001), true);
    await assertKept(store, key, session);
    assert.equal(await store.touch(key, session.seenAt + 1, session.expiresAt - 60), true);
    await assertKept(store, key, { ...session, seenAt: session.seenAt + 1 });
  },
};

/** That no method finds the session, and none brings it back. */
async function assertDead(store: SessionStore, key: string, session: StoredSession): Promise<void> {
  await assertGone(store, key, session.subject ?? '');
  const later = { ...session, expiresAt: nowInSeconds() + 300 };
  assert.equal(await store.save(key, later, false), 'gone');
  assert.equal(await store.save(key, later, true), 'gone');
  assert.equal(await store.touch(key, nowInSeconds(), later.expiresAt), false);
  await assertGone(store, key, session.subject ?? '');
}

async function assertGone(store: SessionStore, key: string, subject: string): Promise<void> {
  assert.equal(await store.load(key), undefined);
  assert.deepEqual(await keysOf(store, subject), []);
}
