import type { SessionStore, StoredSession } from 'nestjs-sessions/store';

/** For the counter-test: saves as most stores do, over whatever is there, and also where nothing is there any more. */
export function overwriting(inner: SessionStore): SessionStore {
  const overwrite = async (key: string, session: StoredSession): Promise<'saved'> => {
    const there = await inner.load(key);
    const written =
      there === undefined
        ? await inner.create(key, { ...session, version: session.version + 1 }, Infinity)
        : await inner.save(key, { ...session, version: there.version }, true);
    // Another request was between load and write.
    return written === 'created' || written === 'saved' ? 'saved' : overwrite(key, session);
  };
  return {
    load: async (key) => inner.load(key),
    create: async (key, session, since) => inner.create(key, session, since),
    save: overwrite,
    touch: async (key, seenAt, expiresAt) => inner.touch(key, seenAt, expiresAt),
    delete: async (key) => inner.delete(key),
    listOf: async (subject) => inner.listOf(subject),
    deleteAllOf: async (subject, before, except) => inner.deleteAllOf(subject, before, except),
  };
}
