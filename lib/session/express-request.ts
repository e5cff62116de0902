import { dataEntries } from '../data/given-values.js';
import { expressSessionOf } from './express-session.js';
import type { OpenedSession } from './opened-session.js';
import type { SessionState } from './session-state.js';

/** Gives a request its `session`: the live data, with the members of express-session. */
export function defineExpressSession(request: object, owner: OpenedSession): void {
  defineProperty(request, owner);
  owner.session.beforeSeal(() => adopt(request, owner));
}

function defineProperty(request: object, owner: OpenedSession): void {
  Object.defineProperty(request, 'session', {
    configurable: true,
    enumerable: true,
    get: () => (owner.state.isDestroyed ? undefined : expressSessionOf(owner)),
    set(value: unknown) {
      replace(owner, value);
    },
  });
}

/**
 * `delete request.session` takes our property away, which no accessor sees: it ends the session, as with express-session.
 * What was assigned after that is its data.
 */
function adopt(request: object, owner: OpenedSession): void {
  const property = Object.getOwnPropertyDescriptor(request, 'session');
  if (property !== undefined && !('value' in property)) return;
  defineProperty(request, owner);
  setValues(owner.state, property?.value);
}

/** `request.session = null` ends the session; an object becomes its data. */
function replace(owner: OpenedSession, value: unknown): void {
  const state = owner.writable('replace');
  if (value !== state.data.values) setValues(state, value);
}

/** Checks all of a value before it empties the session. */
function setValues(state: SessionState, value: unknown): void {
  const isEnd = value === null || value === undefined;
  const entries = isEnd ? [] : dataEntries(value);
  state.data.replace();
  if (isEnd) state.destroy();
  for (const [key, part] of entries) state.data.set(key, part);
}
