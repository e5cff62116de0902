import type { InspectOptions, inspect } from 'node:util';
import type { Lifetime } from '../codec/lifetime.js';
import { quote } from '../data/quote.js';
import { expiryOf } from './cookie-action.js';
import type { SessionState } from './session-state.js';

/** How many characters of an id are shown: enough to tell sessions apart, too few to name one. */
const SHOWN_ID = 6;

/** What is shown of a session: never a value, nor its whole id. */
export type SessionSummary = Readonly<Record<string, unknown>>;

/**
 * What can be shown of a session without loading, sealing or sending it. Never throws: it runs in log lines and debuggers.
 *
 * @param state `undefined` for a session that was not used yet: it stays unread
 * @param now a NumericDate in whole seconds
 */
export function summaryOf(
  name: string,
  state: SessionState | undefined,
  lifetime: Lifetime,
  now: number,
): SessionSummary {
  if (state === undefined) return { name, state: 'not read yet' };
  return {
    name,
    id: `${state.id.slice(0, SHOWN_ID)}…`,
    isNew: state.isNew,
    // May run the serializer of the application.
    isModified: attempt(() => state.isModified),
    keys: Object.keys(state.data.values).map((key) => quote(key).slice(1, -1)),
    createdAt: new Date(state.createdAt * 1000),
    expiresAt: attempt(() => new Date(expiryOf(state, lifetime, now) * 1000)),
  };
}

/** Shows a summary in the way of `util.inspect`. @param summary `undefined` for an object that is no session */
export function showSession(
  summary: SessionSummary | undefined,
  depth: number,
  options: InspectOptions,
  print: typeof inspect,
): string {
  if (depth < 0) return '[SessionService]';
  return `SessionService ${print(summary ?? {}, options)}`;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
