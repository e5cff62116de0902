import { quote } from '../data/quote.js';
import { SessionError } from '../session.errors.js';

export function misused(message: string): SessionError {
  return new SessionError('ERR_SESSION_MISUSED', message);
}

/** Assignments that would be lost without a word in CommonJS, or fail with V8's own text. */
function refuseAssignment(key: string): never {
  if (key === 'data') {
    throw misused(
      'Cannot replace session.data: it is the live object that will be saved. Write session.update({ … }), after ' +
        'session.clear() if the other values are to go.',
    );
  }
  throw misused(
    `Cannot set the property ${quote(key)} of the session: it would not be saved. Write session.set(${quote(key)}, value).`,
  );
}

/** Has assignments throw that no setter takes. @param members the prototype of sessions */
export function refuseAssignments(members: object): void {
  for (const [key, member] of Object.entries(Object.getOwnPropertyDescriptors(members))) {
    if (member.get === undefined || member.set !== undefined) continue;
    Object.defineProperty(members, key, {
      ...member,
      set() {
        refuseAssignment(key);
      },
    });
  }
  // Behind the members and not around the session: only what is no member is looked for here, so it costs nothing.
  Object.setPrototypeOf(
    members,
    new Proxy(
      {},
      {
        set(target, key, value, session) {
          if (typeof key === 'string') refuseAssignment(key);
          return Reflect.set(target, key, value, session);
        },
      },
    ),
  );
}
