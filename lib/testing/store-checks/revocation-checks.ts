import { strict as assert } from 'node:assert';
import { nowInSeconds, type SessionStore } from '../../store/session-store.js';
import { endedBy, keysOf, newKey, newSession, parallel, stored, type StoreChecks } from './samples.js';

/** Rules 5 and 6: what "log out everywhere" ends. */
export const REVOCATION_CHECKS: StoreChecks = {
  '5: deleteAllOf ends the sessions that began up to then, and spares younger ones': async (store) => {
    const subject = newKey();
    const before = nowInSeconds() - 10.5;
    const begun = async (createdAt: number) => stored(store, newSession({ subject, createdAt }));
    const ended = [await begun(before - 100), await begun(before)];
    const younger = [await begun(before + 0.25), await begun(before + 10)];
    assert.deepEqual(await endedBy(store, subject, before), ended.toSorted());
    await assertLiving(store, { [subject]: younger });
    assert.deepEqual(await parallel(2, async (index) => store.load(ended[index] ?? '')), [undefined, undefined]);
  },

  '5: deleteAllOf spares the session that is excepted, and those of other subjects and of none': async (store) => {
    const [subject, other] = [newKey(), newKey()];
    const kept = await stored(store, newSession({ subject }));
    const ended = await stored(store, newSession({ subject }));
    const others = await stored(store, newSession({ subject: other }));
    const nobodys = await stored(store);
    assert.deepEqual(await endedBy(store, subject, nowInSeconds(), kept), [ended]);
    await assertLiving(store, { [subject]: [kept], [other]: [others] });
    assert.notEqual(await store.load(nobodys), undefined);
  },

  '5: deleteAllOf ends nothing twice, and nothing that has expired': async (store) => {
    const subject = newKey();
    await stored(store, newSession({ subject, expiresAt: nowInSeconds() - 0.001 }));
    const ended = await stored(store, newSession({ subject }));
    assert.deepEqual(await endedBy(store, subject, nowInSeconds()), [ended]);
    assert.deepEqual(await endedBy(store, subject, nowInSeconds()), []);
    assert.deepEqual(await endedBy(store, newKey(), nowInSeconds()), []);
  },

  '5: a session that went to another subject ends with that one only': async (store) => {
    const [first, second] = [newKey(), newKey()];
    const key = await stored(store, newSession({ subject: first }));
    assert.equal(await store.save(key, newSession({ subject: second }), true), 'saved');
    assert.deepEqual(await endedBy(store, first, nowInSeconds()), []);
    assert.notEqual(await store.load(key), undefined);
    assert.deepEqual(await endedBy(store, second, nowInSeconds()), [key]);
  },

  "6: create is 'revoked' where deleteAllOf was called since the request began, and stores nothing": async (store) => {
    const subject = newKey();
    const before = nowInSeconds();
    await store.deleteAllOf(subject, before);
    for (const since of [before - 5, before]) {
      const key = newKey();
      // oxlint-disable-next-line no-await-in-loop -- one log-in after another: the error names the time
      assert.equal(await store.create(key, newSession({ subject, createdAt: before + 1 }), since), 'revoked');
      // oxlint-disable-next-line no-await-in-loop -- the same log-in
      assert.equal(await store.load(key), undefined);
    }
    await assertLiving(store, { [subject]: [] });
  },

  '6: create stores a session whose request began after deleteAllOf, and those of others': async (store) => {
    const [subject, other] = [newKey(), newKey()];
    const before = nowInSeconds() - 1;
    await store.deleteAllOf(subject, before);
    const [key, others, nobodys] = [newKey(), newKey(), newKey()];
    const createdAt = before + 0.5;
    assert.equal(await store.create(key, newSession({ subject, createdAt }), before + 0.25), 'created');
    assert.equal(await store.create(others, newSession({ subject: other }), before - 5), 'created');
    assert.equal(await store.create(nobodys, newSession(), before - 5), 'created');
    await assertLiving(store, { [subject]: [key], [other]: [others] });
  },

  '6: a deleteAllOf that an outage delayed does not take back a later one': async (store) => {
    const subject = newKey();
    const before = nowInSeconds();
    await store.deleteAllOf(subject, before);
    await store.deleteAllOf(subject, before - 30);
    assert.equal(await store.create(newKey(), newSession({ subject }), before - 10), 'revoked');
  },

  '6: no log-in that began before survives a deleteAllOf at the same time': async (store) => {
    const subject = newKey();
    const before = nowInSeconds();
    const keys = Array.from({ length: 20 }, newKey);
    const create = async (index: number) =>
      store.create(keys[index] ?? '', newSession({ subject, createdAt: before - 1 }), before - 1);
    const begin = async (index: number) => {
      await create(index);
    };
    const [, late] = await Promise.all([
      parallel(10, begin),
      store.deleteAllOf(subject, before).then(async () => create(19)),
      parallel(9, async (index) => begin(index + 10)),
    ]);
    assert.equal(late, 'revoked');
    assert.deepEqual(
      await Promise.all(keys.map(async (key) => store.load(key))),
      keys.map(() => undefined),
    );
    await assertLiving(store, { [subject]: [] });
  },

  '6: every log-in that began after survives a deleteAllOf at the same time, and is listed': async (store) => {
    const subject = newKey();
    const before = nowInSeconds() - 10;
    const keys = Array.from({ length: 20 }, newKey);
    const create = async (key: string) => store.create(key, newSession({ subject, createdAt: before + 5 }), before + 5);
    const [answers, ended] = await Promise.all([
      Promise.all(keys.map(create)),
      parallel(5, async (index) => endedBy(store, subject, before - index)),
    ]);
    assert.deepEqual(
      answers,
      keys.map(() => 'created'),
    );
    assert.deepEqual(ended.flat(), []);
    await assertLiving(store, { [subject]: keys });
  },
};

/** That these sessions are there, and that the lists of their subjects show them and no other. */
async function assertLiving(
  store: SessionStore,
  keysBySubject: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  for (const [subject, keys] of Object.entries(keysBySubject)) {
    // oxlint-disable-next-line no-await-in-loop -- the error names the first subject
    assert.deepEqual(await keysOf(store, subject), keys.toSorted());
    // oxlint-disable-next-line no-await-in-loop
    const living = await Promise.all(keys.map(async (key) => (await store.load(key)) !== undefined));
    assert.deepEqual(
      living,
      keys.map(() => true),
    );
  }
}
