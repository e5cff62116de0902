import { strict as assert } from 'node:assert';
import { nowInSeconds } from '../../store/session-store.js';
import { assertKept, keysOf, newKey, newSession, parallel, stored, type StoreChecks } from './samples.js';

/** Rule 8: no session is created over another one. */
export const CREATE_CHECKS: StoreChecks = {
  "8: create is 'exists' where a session lives, and changes nothing": async (store) => {
    for (const subject of [undefined, newKey()]) {
      const session = newSession({ subject, version: 3 });
      // oxlint-disable-next-line no-await-in-loop -- one after another: the error names the first
      const key = await stored(store, session);
      const other = newSession({ subject, text: 'other', expiresAt: nowInSeconds() + 400 });
      // oxlint-disable-next-line no-await-in-loop -- the same session
      assert.equal(await store.create(key, other, nowInSeconds()), 'exists');
      // oxlint-disable-next-line no-await-in-loop -- the same session
      await assertKept(store, key, session);
    }
  },

  "8: of 20 requests that create a session at once exactly one is told 'created', and its text is kept": async (
    store,
  ) => {
    const [key, subject] = [newKey(), newKey()];
    const answers = await parallel(20, async (index) =>
      store.create(
        key,
        newSession({ text: `${index}`, subject: index % 2 === 1 ? subject : undefined }),
        nowInSeconds(),
      ),
    );
    assert.deepEqual(answers.toSorted(), ['created', ...Array.from({ length: 19 }, () => 'exists')]);
    assert.equal((await store.load(key))?.text, `${answers.indexOf('created')}`);
  },

  '8: create stores a session where one has expired or was deleted': async (store) => {
    const subject = newKey();
    const expired = await stored(store, newSession({ subject, device: 'a phone', expiresAt: nowInSeconds() - 0.001 }));
    const deleted = await stored(store, newSession({ subject, device: 'a phone' }));
    await store.delete(deleted);
    const session = newSession({ text: 'new', version: 4 });
    for (const key of [expired, deleted]) {
      // oxlint-disable-next-line no-await-in-loop -- one after another: the error names the first
      assert.equal(await store.create(key, session, nowInSeconds()), 'created');
      // oxlint-disable-next-line no-await-in-loop -- the same session
      await assertKept(store, key, session);
    }
    assert.deepEqual(await keysOf(store, subject), []);
  },
};
