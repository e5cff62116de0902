import { strict as assert } from 'node:assert';
import { nowInSeconds, type SessionStore } from '../../store/session-store.js';
import { newKey, newSession, within } from './samples.js';

/** Each method that asks the engine, called as the package calls it. */
const CALLS: Readonly<Record<string, (store: SessionStore) => Promise<unknown> | undefined>> = {
  load: async (store) => store.load(newKey()),
  create: async (store) => store.create(newKey(), newSession(), nowInSeconds()),
  'create with a subject': async (store) => store.create(newKey(), newSession({ subject: newKey() }), nowInSeconds()),
  save: async (store) => store.save(newKey(), newSession(), false),
  'save that moves': async (store) => store.save(newKey(), newSession({ subject: newKey() }), true),
  touch: async (store) => store.touch(newKey(), nowInSeconds(), nowInSeconds() + 300),
  delete: async (store) => store.delete(newKey()),
  listOf: async (store) => store.listOf(newKey()),
  deleteAllOf: async (store) => store.deleteAllOf(newKey(), nowInSeconds()),
  sweep: (store) => store.sweep?.(100),
};

/** Rule 4, for a store whose engine cannot be reached. */
export function outageChecks(unreachable: () => SessionStore | Promise<SessionStore>, patience: number) {
  return Object.entries(CALLS).map(([method, call]) => ({
    name: `4: ${method} rejects where the engine cannot be reached`,
    run: async () => {
      const answer = call(await unreachable());
      const settled = answer?.then(
        () => 'fulfilled',
        () => 'rejected',
      );
      if (settled !== undefined) assert.equal(await within(patience, 'It was not rejected', settled), 'rejected');
    },
  }));
}
