import { memoryStore, type SessionStore, type StoredSession } from 'nestjs-sessions/store';

/** A store in memory that writes down what it is asked, and that a test can slow down, break and hold. */
export class TestStore implements SessionStore {
  readonly #inner: SessionStore;
  /** The names of the commands, in order. */
  readonly commands: string[] = [];
  /** All arguments of all commands, as JSON. */
  readonly seen: string[] = [];
  /** What is stored, by key: after a write has ended. */
  readonly records = new Map<string, StoredSession>();
  /** What happens before each command is carried out. @returns a promise that it waits for */
  before: (command: string) => Promise<unknown> | undefined = () => undefined;
  /** What happens after each command was carried out. */
  after: (command: string) => Promise<unknown> | undefined = () => undefined;

  constructor(inner: SessionStore = memoryStore()) {
    this.#inner = inner;
  }

  load(key: string) {
    return this.#run('load', [key], () => this.#inner.load(key));
  }

  create(key: string, session: StoredSession, since: number) {
    return this.#run('create', [key, session, since], async () => {
      const creating = this.#inner.create(key, session, since);
      const before = this.records.get(key);
      // Before the `await`: what is done in memory is done before the promise is there, and this as well.
      this.records.set(key, session);
      const result = await creating;
      if (result === 'revoked') this.records.delete(key);
      if (result === 'exists' && before !== undefined) this.records.set(key, before);
      return result;
    });
  }

  save(key: string, session: StoredSession, moved: boolean) {
    return this.#run('save', [key, session, moved], async () => {
      const result = await this.#inner.save(key, session, moved);
      const { subject, expiresAt } = moved ? session : (this.records.get(key) ?? session);
      if (result === 'saved') this.records.set(key, { ...session, version: session.version + 1, subject, expiresAt });
      return result;
    });
  }

  touch(key: string, seenAt: number, expiresAt: number) {
    return this.#run('touch', [key, seenAt, expiresAt], async () => {
      const record = this.records.get(key);
      const latest = record && {
        seenAt: Math.max(record.seenAt, seenAt),
        expiresAt: Math.max(record.expiresAt, expiresAt),
      };
      if (record !== undefined) this.records.set(key, { ...record, ...latest });
      return this.#inner.touch(key, seenAt, expiresAt);
    });
  }

  delete(key: string) {
    return this.#run('delete', [key], async () => {
      await this.#inner.delete(key);
      this.records.delete(key);
    });
  }

  listOf(subject: string) {
    return this.#run('listOf', [subject], () => this.#inner.listOf(subject));
  }

  deleteAllOf(subject: string, before: number, except?: string) {
    return this.#run('deleteAllOf', [subject, before], async () => {
      const keys = await this.#inner.deleteAllOf(subject, before, except);
      for (const key of keys) this.records.delete(key);
      return keys;
    });
  }

  /** The data of the only session that is stored; `undefined` where there is none. */
  get data(): unknown {
    const [record] = this.records.values();
    return record === undefined ? undefined : (JSON.parse(record.text) as unknown);
  }

  /** Ends all sessions, as another process would. */
  async revoke(): Promise<void> {
    for (const key of this.records.keys()) await this.#inner.delete(key);
    this.records.clear();
  }

  /** The commands since the last call. */
  take(): string[] {
    return this.commands.splice(0);
  }

  async #run<T>(command: string, args: readonly unknown[], run: () => Promise<T>): Promise<T> {
    this.commands.push(command);
    this.seen.push(JSON.stringify(args));
    const waiting = this.before(command);
    if (waiting !== undefined) await waiting;
    const result = await run();
    await this.after(command);
    return result;
  }
}

/** So many turns of the event loop: more than bytes on the loopback take. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** A store whose writes take long. */
export function slowStore(): TestStore {
  const store = new TestStore();
  store.before = (command) => (command === 'load' ? undefined : turns(50));
  return store;
}

/** A store that does not answer. */
export function silentStore(): TestStore {
  const store = new TestStore();
  store.before = () => new Promise(() => undefined);
  return store;
}

/** Has the next such command rejected: before it is carried out, or after that, which its caller cannot know. */
export function failOnce(store: TestStore, name: string, when: 'before' | 'after' = 'before'): void {
  store[when] = (command) => {
    if (command !== name) return undefined;
    store[when] = () => undefined;
    return Promise.reject(new Error('down'));
  };
}
