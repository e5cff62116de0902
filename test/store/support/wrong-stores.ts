import { setImmediate } from 'node:timers/promises';
import type { SessionStore, StoredSession } from '../../../lib/store/index.js';

type Wrong = (store: SessionStore) => SessionStore;

/** What is wrong, a good store made wrong, and a requirement that it violates. */
export const WRONG_STORES: readonly (readonly [what: string, wrong: Wrong, requirement: string])[] = [
  ['keeps no device', changing((session) => without(session, 'device')), 'keeps a session as it was created'],
  ['cuts long texts', changing((session) => ({ ...session, text: session.text.slice(0, 65_535) })), 'keeps any text'],
  [
    'cuts fractions of times',
    changing((session) => ({ ...session, createdAt: Math.floor(session.createdAt) })),
    'keeps',
  ],
  ['says that it has saved, and has not', but({ save: async () => 'saved' }), 'save replaces a session'],
  [
    'saves by overwriting',
    overriding((store) => ({ save: async (key, session) => overwrite(store, key, session) })),
    '1: a save with a version that is not the present one',
  ],
  [
    'compares the version in one step and writes in another',
    overriding((store) => ({
      save: async (key, session) => {
        const kept = await store.load(key);
        await setImmediate();
        if (kept === undefined) return 'gone';
        return kept.version === session.version ? overwrite(store, key, session) : 'conflict';
      },
    })),
    '1: of 50 writers',
  ],
  [
    'creates by save',
    overriding((store) => ({
      save: async (key, session, moved) => {
        const answer = await store.save(key, session, moved);
        return answer === 'gone' ? overwrite(store, key, session) : answer;
      },
    })),
    '2: nothing brings a deleted session back',
  ],
  [
    'creates by touch',
    overriding((store) => ({
      touch: async (key, seenAt, expiresAt) =>
        (await store.touch(key, seenAt, expiresAt)) ||
        (await overwrite(store, key, { text: '', version: 0, createdAt: seenAt, seenAt, expiresAt })) === 'saved',
    })),
    'knows no session that was not created',
  ],
  [
    'has touch count as a save',
    overriding((store) => ({
      touch: async (key, seenAt, expiresAt) => {
        const kept = await store.load(key);
        return kept !== undefined && (await store.save(key, { ...kept, seenAt, expiresAt }, true)) === 'saved';
      },
    })),
    'touch extends a session, and leaves data and version alone',
  ],
  [
    'writes after it has asked whether the session is still there',
    overriding((store) => ({
      save: async (key, session) => {
        const kept = await store.load(key);
        await setImmediate();
        return kept === undefined ? 'gone' : overwrite(store, key, session);
      },
    })),
    '2: a session is gone after delete',
  ],
  [
    'brings back what deleteAllOf ended',
    overriding((store) => {
      const ended = new Set<string>();
      return {
        deleteAllOf: async (...args) => remembered(ended, await store.deleteAllOf(...args)),
        touch: async (key, seenAt, expiresAt) => ended.has(key) || (await store.touch(key, seenAt, expiresAt)),
      };
    }),
    '2: nothing brings a session back that was deleted with all',
  ],
  [
    'writes all that a save is given',
    overriding((store) => ({ save: async (key, session) => store.save(key, session, true) })),
    'save leaves subject and end as they are stored',
  ],
  ['waits for the engine to clean up', expiringLate(60), '3: a session is gone from expiresAt on'],
  ['extends and never shortens', expiringLate(60), '3: a session that was shortened'],
  [
    'takes the end of the last touch',
    overriding((store) => ({
      touch: async (key, seenAt, expiresAt) => {
        const kept = await store.load(key);
        if (kept !== undefined) await store.create(key, { ...kept, seenAt, expiresAt }, Infinity);
        return kept !== undefined;
      },
    })),
    '3: touch never shortens',
  ],
  [
    'ends all sessions, whenever they began',
    overriding((store) => ({
      deleteAllOf: async (subject, _, except) => store.deleteAllOf(subject, Infinity, except),
    })),
    '5: deleteAllOf ends the sessions that began up to then',
  ],
  [
    'knows no exception',
    overriding((store) => ({ deleteAllOf: async (subject, before) => store.deleteAllOf(subject, before) })),
    '5: deleteAllOf spares the session that is excepted',
  ],
  [
    'says again what it ended before',
    overriding((store) => {
      const ended = new Set<string>();
      return {
        deleteAllOf: async (...args) => [...remembered(ended, await store.deleteAllOf(...args)), ...ended],
      };
    }),
    '5: deleteAllOf ends nothing twice',
  ],
  [
    'finds a session by its first subject for ever',
    overriding((store) => ({
      save: async (key, session, moved) =>
        store.save(key, { ...session, subject: (await store.load(key))?.subject ?? session.subject }, moved),
    })),
    '5: a session that went to another subject',
  ],
  [
    'knows nothing of revocations when it creates',
    overriding((store) => ({ create: async (key, session) => store.create(key, session, Infinity) })),
    "6: create is 'revoked'",
  ],
  [
    'holds back every log-in after a revocation',
    overriding((store) => ({ create: async (key, session) => store.create(key, session, -Infinity) })),
    '6: create stores a session whose request began after',
  ],
  [
    'remembers the last revocation only',
    overriding((store) => {
      const barriers = new Map<string, number>();
      return {
        deleteAllOf: async (subject, before, except) => {
          barriers.set(subject, before);
          return store.deleteAllOf(subject, before, except);
        },
        create: async (key, session, since) =>
          (barriers.get(session.subject ?? '') ?? -Infinity) >= since
            ? 'revoked'
            : store.create(key, session, Infinity),
      };
    }),
    '6: a deleteAllOf that an outage delayed',
  ],
  [
    'asks for revocations in one step and creates in another',
    overriding((store) => {
      const barriers = new Map<string, number>();
      return {
        deleteAllOf: async (subject, before, except) => {
          barriers.set(subject, Math.max(before, barriers.get(subject) ?? before));
          return store.deleteAllOf(subject, before, except);
        },
        create: async (key, session, since) => {
          const isRevoked = (barriers.get(session.subject ?? '') ?? -Infinity) >= since;
          await setImmediate();
          return isRevoked ? 'revoked' : store.create(key, session, Infinity);
        },
      };
    }),
    '6: no log-in that began before survives',
  ],
  [
    'creates over what is there',
    overriding((store) => ({
      create: async (key, session, since) => {
        await store.delete(key);
        return store.create(key, session, since);
      },
    })),
    "8: create is 'exists' where a session lives",
  ],
  [
    'asks whether there is a session in one step and creates in another',
    overriding((store) => ({
      create: async (key, session, since) => {
        if ((await store.load(key)) !== undefined) return 'exists';
        await setImmediate();
        await store.delete(key);
        return store.create(key, session, since);
      },
    })),
    '8: of 20 requests that create',
  ],
  [
    'never gives a key again',
    overriding((store) => {
      const keys = new Set<string>();
      return {
        create: async (key, session, since) => {
          if (keys.has(key)) return 'exists';
          keys.add(key);
          return store.create(key, session, since);
        },
      };
    }),
    '8: create stores a session where one has expired or was deleted',
  ],
  ['lists sessions with their data', listing(async (store, keys) => loaded(store, keys, true)), '7: listOf gives all'],
  [
    'lists sessions as they were created',
    overriding((store) => {
      const created = new Map<string, StoredSession>();
      return {
        create: async (key, session, since) => {
          created.set(key, session);
          return store.create(key, session, since);
        },
        listOf: async (subject) =>
          (await store.listOf(subject)).map((info) => without({ ...info, ...created.get(info.key) }, 'text')),
      };
    }),
    '7: listOf follows save and touch',
  ],
  [
    'writes the index when it creates only',
    overriding((store) => {
      const indexed = new Set<string>();
      return {
        create: async (key, session, since) => {
          if (session.subject !== undefined) indexed.add(key);
          return store.create(key, session, since);
        },
        listOf: async (subject) => (await store.listOf(subject)).filter(({ key }) => indexed.has(key)),
      };
    }),
    '7: listOf shows a session that got its subject after it began',
  ],
  [
    'removes from the index what listOf does not find yet',
    overriding((store) => {
      const index = new Map<string, Set<string>>();
      return {
        create: async (key, session, since) => {
          const keys = index.get(session.subject ?? '') ?? new Set();
          index.set(session.subject ?? '', keys.add(key));
          await setImmediate();
          return store.create(key, session, since);
        },
        listOf: async (subject) => {
          const keys = index.get(subject) ?? new Set();
          const infos = await loaded(store, [...keys], false);
          for (const key of keys) if (!infos.some((info) => info.key === key)) keys.delete(key);
          return infos;
        },
        deleteAllOf: async (subject, before, except) => {
          const keys = await store.deleteAllOf(subject, before, except);
          index.delete(subject);
          return keys;
        },
      };
    }),
    '7: listOf loses no session',
  ],
  [
    'empties the index when it revokes',
    overriding((store) => {
      const hidden = new Set<string>();
      return {
        create: async (key, session, since) => {
          await setImmediate();
          return store.create(key, session, since);
        },
        deleteAllOf: async (subject, before, except) => {
          const keys = await store.deleteAllOf(subject, before, except);
          for (const { key } of await store.listOf(subject)) hidden.add(key);
          await setImmediate();
          await setImmediate();
          for (const { key } of await store.listOf(subject)) hidden.add(key);
          return keys;
        },
        listOf: async (subject) => (await store.listOf(subject)).filter(({ key }) => !hidden.has(key)),
      };
    }),
    '6: every log-in that began after survives',
  ],
  ['tells nothing of deletions', but({ subscribe: async () => () => {} }), 'subscribe tells'],
  [
    'goes on telling',
    overriding((store) => ({
      subscribe: async (listener) => {
        await store.subscribe?.(listener);
        return () => {};
      },
    })),
    'subscribe tells',
  ],
  ['sweeps nothing', but({ sweep: async () => 0 }), 'sweep removes'],
  [
    'sweeps more than it may',
    overriding((store) => ({ sweep: async () => store.sweep?.(1000) ?? 0 })),
    'sweep removes',
  ],
];

/** Each method, and the requirement that it violates where it swallows an outage. */
export const WRONG_OUTAGES: readonly (readonly [method: keyof SessionStore, requirement: string])[] = (
  [
    ['load', 'load'],
    ['create', 'create'],
    ['create', 'create with a subject'],
    ['save', 'save'],
    ['save', 'save that moves'],
    ['touch', 'touch'],
    ['delete', 'delete'],
    ['listOf', 'listOf'],
    ['deleteAllOf', 'deleteAllOf'],
    ['sweep', 'sweep'],
  ] as const
).map(([method, call]) => [method, `4: ${call} rejects where the engine cannot be reached`]);

/** The good store with some methods replaced. */
export function overriding(
  methods: (store: SessionStore) => { readonly [K in keyof SessionStore]?: SessionStore[K] | undefined },
): Wrong {
  return (store) => {
    const bound = Object.fromEntries(METHODS.map((name) => [name, store[name]?.bind(store)]));
    return { ...bound, ...methods(store) } as unknown as SessionStore;
  };
}

const METHODS = ['load', 'create', 'save', 'touch', 'delete', 'listOf', 'deleteAllOf', 'subscribe', 'sweep'] as const;

function but(methods: { readonly [K in keyof SessionStore]?: SessionStore[K] | undefined }): Wrong {
  return overriding(() => methods);
}

/** Writes what `change` makes of a session. */
function changing(change: (session: StoredSession) => StoredSession): Wrong {
  return overriding((store) => ({ create: async (key, session, since) => store.create(key, change(session), since) }));
}

/** Forgets a session some seconds after it has ended, and answers it until then. */
function expiringLate(seconds: number): Wrong {
  const later = (session: StoredSession) => ({ ...session, expiresAt: session.expiresAt + seconds });
  return overriding((store) => {
    return {
      load: async (key) => {
        const kept = await store.load(key);
        return kept === undefined ? undefined : { ...kept, expiresAt: kept.expiresAt - seconds };
      },
      create: async (key, session, since) => store.create(key, later(session), since),
      save: async (key, session, moved) => store.save(key, later(session), moved),
      touch: async (key, seenAt, expiresAt) => store.touch(key, seenAt, expiresAt + seconds),
    };
  });
}

function listing(list: (store: SessionStore, keys: readonly string[]) => Promise<readonly object[]>): Wrong {
  return overriding((store) => ({
    listOf: async (subject) =>
      list(
        store,
        (await store.listOf(subject)).map(({ key }) => key),
      ) as ReturnType<SessionStore['listOf']>,
  }));
}

async function loaded(store: SessionStore, keys: readonly string[], withText: boolean) {
  const sessions = await Promise.all(keys.map(async (key) => ({ key, session: await store.load(key) })));
  return sessions.flatMap(({ key, session }) =>
    session === undefined ? [] : [{ key, ...(withText ? session : without(session, 'text')) }],
  );
}

async function overwrite(store: SessionStore, key: string, session: StoredSession): Promise<'saved'> {
  // Each does its work before its promise is there.
  await Promise.all([store.delete(key), store.create(key, { ...session, version: session.version + 1 }, Infinity)]);
  return 'saved';
}

function without<T extends object>(object: T, name: keyof T): T {
  const copy = { ...object };
  delete copy[name];
  return copy;
}

function remembered(all: Set<string>, keys: readonly string[]): readonly string[] {
  for (const key of keys) all.add(key);
  return keys;
}
