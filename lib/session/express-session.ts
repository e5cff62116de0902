import { CSRF } from './csrf-token.js';
import { ExpressCookie } from './express-cookie.js';
import type { OpenedSession } from './opened-session.js';

type Callback = (error?: unknown) => void;

/** The session behind a data object, kept under a symbol: every other property is the user's. */
const OWNER = Symbol('nestjs-sessions.owner');

interface Owned {
  [OWNER]?: OpenedSession;
}

/**
 * `request.session` for software made for express-session (1.18): the session's live data, with these members on its
 * prototype, where they hide no key. They are neither enumerated nor saved, and a value that is stored under one of their
 * names hides it.
 */
class ExpressSession {
  get id(): string {
    return ownerOf(this).state.id;
  }

  // Without setters an assignment would throw: these names would be forbidden as keys.
  set id(value: unknown) {
    define(this, 'id', value);
  }

  get sessionID(): string {
    return ownerOf(this).state.id;
  }

  set sessionID(value: unknown) {
    define(this, 'sessionID', value);
  }

  get cookie(): ExpressCookie {
    return new ExpressCookie(ownerOf(this).service);
  }

  set cookie(value: unknown) {
    define(this, 'cookie', value);
  }

  /**
   * A new session with a new id. `request.session` is a new object then; this one keeps its values, which passport may copy
   * (`keepSessionInfo`), but for the CSRF secret.
   */
  regenerate(callback?: Callback): this {
    return report(this, callback, (owner) => {
      const state = owner.writable('regenerate');
      state.data.delete(CSRF);
      state.data.replace();
      state.renew();
      return callback && saveInStore(owner);
    });
  }

  /** Makes the cookie now, and reports a failure. It is sent with the response headers. */
  save(callback?: Callback): this {
    return report(this, callback, (owner) => {
      const { session } = owner;
      if (session.areHeadersSent && session.state.data.hasLostChanges) owner.writable('save');
      if (callback !== undefined) return session.save();
      session.seal();
      return undefined;
    });
  }

  /** Ends the session: `request.session` is `undefined` then, until something is assigned to it. */
  destroy(callback?: Callback): this {
    return report(this, callback, (owner) => {
      const state = owner.writable('destroy');
      state.data.replace();
      state.destroy();
      return callback && saveInStore(owner);
    });
  }

  /**
   * Restores the session that the request brought. With a store and a callback: the one that was saved last, as it is there now;
   * `request.session` is a new object then.
   */
  reload(callback?: Callback): this {
    return report(this, callback, (owner) => {
      const state = owner.writable('roll back');
      if (callback === undefined || !owner.session.isStored) {
        state.rollback();
        return undefined;
      }
      // For software that holds the object; what has happened to the session stays as it is, for the events.
      state.data.rollback();
      return owner.session.fetch();
    });
  }

  touch(): this {
    ownerOf(this).writable('touch').touch();
    return this;
  }
}

/** Keeps a value under the name of an accessor, as an assignment to any other name does. */
function define(data: object, key: string, value: unknown): void {
  Object.defineProperty(data, key, { value, writable: true, enumerable: true, configurable: true });
}

/** The live data of a session, with the members of express-session. */
export function expressSessionOf(owner: OpenedSession): object {
  const { values } = owner;
  if (Object.isExtensible(values) && !Object.hasOwn(values, OWNER)) {
    Object.defineProperty(values, OWNER, { value: owner });
    Object.setPrototypeOf(values, ExpressSession.prototype);
  }
  return values;
}

/**
 * Calls back later, as express-session does, with the error if there is one; without a callback it is thrown, and what takes
 * longer is done before the response leaves.
 */
function report<T extends object>(
  data: T,
  callback: Callback | undefined,
  action: (owner: OpenedSession) => Promise<void> | undefined,
): T {
  try {
    const pending = action(ownerOf(data));
    if (callback === undefined) return data;
    if (pending === undefined) process.nextTick(callback);
    else pending.then(() => process.nextTick(callback)).catch((error: unknown) => process.nextTick(callback, error));
  } catch (error) {
    if (callback === undefined) throw error;
    process.nextTick(callback, error);
  }
  return data;
}

/** Without a store there is nothing to wait for: the cookie is made when the headers are. */
function saveInStore({ session }: OpenedSession): Promise<void> | undefined {
  return session.isStored ? session.save() : undefined;
}

function ownerOf(data: object): OpenedSession {
  const owner = (data as Owned)[OWNER];
  if (owner === undefined) throw new TypeError('Not the session of a request.');
  return owner;
}
