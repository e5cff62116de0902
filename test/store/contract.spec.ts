import { describe, expect, it } from '@jest/globals';
import { storeContract } from 'nestjs-sessions/testing';
import { memoryStore, type SessionStore } from '../../lib/store/index.js';
import { overriding, WRONG_OUTAGES, WRONG_STORES } from './support/wrong-stores.js';

const SILENT = new Promise<never>(() => {});
/** A store without an engine: every method rejects. */
const hanging = () => storeOf(async () => SILENT);
const unreachable = () => storeOf(async () => Promise.reject(new Error('no engine')));

describe('storeContract()', () => {
  const caught = new Set<string>();

  it.each(WRONG_STORES)('catches a store that %s', async (_, wrong, requirement) => {
    const failed = await failuresOf(wrong(memoryStore()));
    for (const name of failed) caught.add(name);
    expect(failed).toContainEqual(expect.stringContaining(requirement));
  });

  it.each(WRONG_OUTAGES)('catches a %s that does not tell of an outage: %s', async (method, requirement) => {
    const swallowing = () => ({ ...unreachable(), [method]: async () => Promise.resolve() });
    const failed = await failuresOf(memoryStore(), swallowing);
    for (const name of failed) caught.add(name);
    expect(failed).toContain(requirement);
    expect(failed.every((name) => name.startsWith('4: '))).toBe(true);
  });

  it('has no requirement that none of these stores violates', () => {
    const all = storeContract(memoryStore(), { unreachable }).map(({ name }) => name);
    expect([...caught].toSorted()).toEqual(all.toSorted());
  });

  it('catches a store that waits for a lost engine without end', async () => {
    const failed = await failuresOf(memoryStore(), hanging);
    expect(failed).toHaveLength(10);
  });

  it('is met by a store without subscribe and sweep, in an outage as well', async () => {
    const plain = overriding(() => ({ subscribe: undefined, sweep: undefined }));
    expect(await failuresOf(plain(memoryStore()), () => plain(unreachable()))).toEqual([]);
  });
});

async function failuresOf(store: SessionStore, outage: () => SessionStore = unreachable) {
  const failed: string[] = [];
  for (const { name, run } of storeContract(async () => store, { unreachable: outage, patience: 50 })) {
    await run().catch(() => failed.push(name));
  }
  return failed;
}

/** A store that answers every call in the same way. */
function storeOf(answer: () => Promise<never>): SessionStore {
  const [load, create, save, touch, listOf] = [answer, answer, answer, answer, answer];
  return { load, create, save, touch, delete: answer, listOf, deleteAllOf: answer, sweep: answer };
}
