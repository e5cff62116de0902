import { createSlot } from '../http/private-field.js';
import type { SessionBinding } from './request-session.js';

type Callback = (error?: unknown) => void;

/** Whose data an object is. Not a property of it: every property is the user's. */
const bindings = createSlot<object, SessionBinding>();

/**
 * What `request.session` is to software made for express-session (1.18): the session's live data, with these members on
 * its prototype, where they are in nobody's way. They are neither enumerated nor saved, and a value that is stored under
 * one of their names hides it.
 */
class ExpressSession {
  get id(): string {
    return bindingOf(this).state.id;
  }

  // Without setters an assignment would throw: these names would be forbidden as keys.
  set id(value: unknown) {
    own(this, 'id', value);
  }

  get sessionID(): string {
    return bindingOf(this).state.id;
  }

  set sessionID(value: unknown) {
    own(this, 'sessionID', value);
  }

  get cookie(): ExpressCookie {
    return new ExpressCookie(bindingOf(this));
  }

  set cookie(value: unknown) {
    own(this, 'cookie', value);
  }

  /** A new session with a new id. `request.session` is a new object then; this one keeps what it had. */
  regenerate(callback?: Callback): this {
    return report(this, callback, (binding) => {
      const state = binding.writable('regenerate');
      state.content.detach();
      state.renew();
    });
  }

  /** Makes the cookie now, and reports what stands against it. It leaves with the response headers. */
  save(callback?: Callback): this {
    return report(this, callback, (binding) => {
      if (binding.areHeadersSent && binding.state.content.hasLostChanges) binding.writable('save');
      binding.seal();
    });
  }

  /** Ends the session: `request.session` is `undefined` then, until something is assigned to it. */
  destroy(callback?: Callback): this {
    return report(this, callback, (binding) => {
      const state = binding.writable('destroy');
      state.content.detach();
      state.destroy();
    });
  }

  /** Back to what came with the request. */
  reload(callback?: Callback): this {
    return report(this, callback, (binding) => binding.writable('roll back').rollback());
  }

  touch(): this {
    bindingOf(this).writable('touch').touch();
    return this;
  }
}

/** The lifetime of a session as express-session has it: in milliseconds. */
class ExpressCookie {
  readonly #binding: SessionBinding;

  constructor(binding: SessionBinding) {
    this.#binding = binding;
  }

  get originalMaxAge(): number {
    return this.#binding.maxAge * 1000;
  }

  get maxAge(): number {
    return this.originalMaxAge;
  }

  /** Rounded up to whole seconds; `null` takes the lifetime of the module again. */
  set maxAge(milliseconds: number | null | undefined) {
    this.#binding.session.maxAge = typeof milliseconds === 'number' ? Math.ceil(milliseconds / 1000) : undefined;
  }

  get expires(): Date {
    return this.#binding.session.expiresAt;
  }

  set expires(date: Date | false | null | undefined) {
    this.maxAge = date instanceof Date ? date.getTime() - Date.now() : null;
  }
}

/** Keeps a value under the name of an accessor, as an assignment to any other name does. */
function own(data: object, key: string, value: unknown): void {
  Object.defineProperty(data, key, { value, writable: true, enumerable: true, configurable: true });
}

/** Gives a request its `session`: the data of the binding, in the guise of express-session. */
export function defineExpressSession(request: object, binding: SessionBinding): void {
  Object.defineProperty(request, 'session', {
    configurable: true,
    enumerable: true,
    get: () => (binding.state.isDestroyed ? undefined : disguise(binding)),
    set(value: object | null | undefined) {
      replace(binding, value);
    },
  });
}

function disguise(binding: SessionBinding): object {
  const { data } = binding;
  if (bindings.get(data) === undefined) {
    bindings.set(data, binding);
    if (Object.isExtensible(data)) Object.setPrototypeOf(data, ExpressSession.prototype);
  }
  return data;
}

/** `request.session = null` ends the session, an object is taken as its data. */
function replace(binding: SessionBinding, value: object | null | undefined): void {
  const state = binding.writable('replace');
  if (value === state.content.data) return;
  state.content.detach();
  if (value === null || value === undefined) state.destroy();
  else binding.session.update(value);
}

/** Calls back later, as express-session does, with what was thrown; without a callback it is thrown at the caller. */
function report<T extends object>(
  session: T,
  callback: Callback | undefined,
  action: (binding: SessionBinding) => void,
): T {
  try {
    action(bindingOf(session));
    if (callback !== undefined) process.nextTick(callback);
  } catch (error) {
    if (callback === undefined) throw error;
    process.nextTick(callback, error);
  }
  return session;
}

function bindingOf(data: object): SessionBinding {
  const binding = bindings.get(data);
  if (binding === undefined) throw new TypeError('Not the session of a request.');
  return binding;
}
