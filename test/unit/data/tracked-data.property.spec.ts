import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import type { SessionRecord } from '../../../lib/data/session-data.js';
import { exchangeWith } from '../../support/exchange.js';
import { managerWith, openSession } from '../../support/open-session.js';

const seed = Date.now() % 2 ** 31;
process.stdout.write(`session.content: fast-check seed ${seed}\n`);

const key = fc.constantFrom('a', 'b', 'c', '1');
const atom = fc.oneof(fc.constantFrom(0, 1, 'x', '', true, null), fc.string({ maxLength: 3 }));
const value = fc.oneof(atom, fc.array(atom, { maxLength: 2 }), fc.record({ n: atom }), fc.constant(undefined));
const data = fc.dictionary(key, fc.oneof(atom, fc.array(atom, { maxLength: 2 }), fc.record({ n: atom })), {
  noNullPrototype: true,
});

/** What users do to a session. `seen` is whatever they got out of it. */
const step = fc.oneof(
  fc.record({ do: fc.constant('set' as const), key, value }),
  fc.record({ do: fc.constant('delete' as const), key }),
  fc.record({ do: fc.constant('pop' as const), key }),
  fc.record({ do: fc.constant('pop, change and put back' as const), key }),
  fc.record({ do: fc.constant('get' as const), key }),
  fc.record({ do: fc.constant('get and change' as const), key, value: atom }),
  fc.record({ do: fc.constant('set, then change' as const), key, value: atom }),
  fc.record({ do: fc.constant('assign' as const), key, value }),
  fc.record({ do: fc.constant('update' as const), values: fc.dictionary(key, value, { noNullPrototype: true }) }),
  fc.record({ do: fc.constant('clear' as const) }),
  fc.record({ do: fc.constant('roll back' as const) }),
  fc.record({ do: fc.constant('seal' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
/** Whatever the time is, the session has not ended. */
const FOR_GOOD = { maxAge: 3_155_760_000 };

type Opened = ReturnType<typeof openSession<Record<string, unknown>>>;

function change(target: unknown, to: unknown): void {
  if (Array.isArray(target)) target.push(to);
  else if (typeof target === 'object' && target !== null) Object.assign(target, { n: to });
}

/** As JSON has it, without the order of keys. */
const plain = (record: object): SessionRecord => JSON.parse(JSON.stringify(record)) as SessionRecord;

/** The same steps on plain data. */
function model(before: SessionRecord, now: SessionRecord, what: Step): SessionRecord {
  switch (what.do) {
    case 'set':
    case 'assign':
      return { ...now, [what.key]: what.value };
    case 'set, then change':
      return { ...now, [what.key]: { n: what.value } };
    case 'delete':
    case 'pop':
      return Object.fromEntries(Object.entries(now).filter(([name]) => name !== what.key));
    case 'get and change':
    case 'pop, change and put back': {
      if (!Object.hasOwn(now, what.key)) return now;
      const changed: unknown = structuredClone(now[what.key]);
      change(changed, 'value' in what ? what.value : 'more');
      return { ...now, [what.key]: changed };
    }
    case 'update':
      return { ...now, ...what.values };
    case 'clear':
      return {};
    case 'roll back':
      return structuredClone(before);
    default:
      return now;
  }
}

function perform({ session, manager, request }: Opened, what: Step): void {
  switch (what.do) {
    case 'set':
      return session.set(what.key, what.value);
    case 'assign':
      return void (session.data[what.key] = what.value);
    case 'set, then change': {
      const given = { n: 0 as unknown };
      session.set(what.key, given);
      given.n = what.value;
      return;
    }
    case 'delete':
      return void session.delete(what.key);
    case 'pop':
      return void session.pop(what.key);
    case 'get':
      return void session.get(what.key);
    case 'get and change':
      return change(session.get(what.key), what.value);
    case 'pop, change and put back': {
      if (!session.has(what.key)) return;
      const popped = session.pop(what.key);
      change(popped, 'more');
      return session.set(what.key, popped);
    }
    case 'update':
      return session.update(what.values);
    case 'clear':
      return session.clear();
    case 'roll back':
      return session.rollback();
    case 'seal':
      return manager.seal(request);
  }
}

describe('A session, after any sequence of operations', () => {
  it('is sent exactly if it differs in the end from the data that came, as it is then', () => {
    fc.assert(
      fc.property(fc.option(data, { nil: undefined }), fc.array(step, { maxLength: 8 }), (before, steps) => {
        const opened = openSession<Record<string, unknown>>(before, { iat: 0, exp: 9e9 }, FOR_GOOD);
        let now: SessionRecord = structuredClone(before ?? {});
        // A step may change what it has put into the session.
        for (const what of structuredClone(steps)) {
          now = model(before ?? {}, now, structuredClone(what));
          perform(opened, what);
          const isModified = !isDeepStrictEqual(plain(now), plain(before ?? {}));
          expect([what.do, opened.session.isModified]).toStrictEqual([what.do, isModified]);
        }
        const [line, ...others] = opened.send();
        expect(others).toStrictEqual([]);
        if (isDeepStrictEqual(plain(now), plain(before ?? {}))) return expect(line).toBeUndefined();
        if (Object.keys(plain(now)).length === 0) return expect(line).toContain('Max-Age=0');
        const { request, response } = exchangeWith(line?.split(';')[0]);
        expect(plain(managerWith(FOR_GOOD).open(request, response).data)).toEqual(plain(now));
      }),
      { seed, numRuns: 2000 },
    );
  });
});
