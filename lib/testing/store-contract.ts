import type { SessionStore } from '../store/session-store.js';
import { BASIC_CHECKS } from './store-checks/basic-checks.js';
import { CREATE_CHECKS } from './store-checks/create-checks.js';
import { INDEX_CHECKS } from './store-checks/index-checks.js';
import { OPTIONAL_CHECKS } from './store-checks/optional-checks.js';
import { REVOCATION_CHECKS } from './store-checks/revocation-checks.js';
import { outageChecks } from './store-checks/outage-checks.js';

/** One requirement of the contract. */
export interface StoreCheck {
  /** The requirement, such as `1: of 50 writers …`: with the number of its rule, where it belongs to one. */
  readonly name: string;
  /** Rejects with an `AssertionError` where the store does not meet it. Takes no parameter, whatever a runner passes. */
  readonly run: () => Promise<void>;
}

/** Options of {@link storeContract}. */
export interface StoreContractOptions {
  /**
   * Makes a store whose engine cannot be reached, such as one with a client of a closed port. Without it, rule 4 (every method
   * rejects) is not checked.
   *
   * @default none
   */
  readonly unreachable?: (() => SessionStore | Promise<SessionStore>) | undefined;
  /** How long to wait for a rejection or for a message of `subscribe`, in milliseconds. @default 5000 */
  readonly patience?: number | undefined;
}

/**
 * The contract of {@link SessionStore} as checks for any test runner: Jest, Vitest, `node:test`.
 *
 * Names begin with the number of the rule that a check belongs to, such as `1: of 50 writers …`. The rules stand in docs/store.md,
 * "A store of your own".
 *
 * The checks use random keys and subjects, so the engine may hold other sessions; what they leave behind expires in five minutes.
 * Methods that a store does not have (`subscribe`, `sweep`) are not checked.
 *
 * @param store the store, or a function that gives it when a check runs: for a store that is made in `beforeAll`
 * @example
 * describe('myStore()', () => {
 *   for (const { name, run } of storeContract(() => store)) it(name, run);
 * });
 */
export function storeContract(
  store: SessionStore | (() => SessionStore | Promise<SessionStore>),
  { unreachable, patience = 5000 }: StoreContractOptions = {},
): readonly StoreCheck[] {
  const checks = { ...BASIC_CHECKS, ...REVOCATION_CHECKS, ...INDEX_CHECKS, ...CREATE_CHECKS, ...OPTIONAL_CHECKS };
  const list = Object.entries(checks).map(([name, check]) => ({
    name,
    run: async () => check(typeof store === 'function' ? await store() : store, patience),
  }));
  return unreachable === undefined ? list : [...list, ...outageChecks(unreachable, patience)];
}
