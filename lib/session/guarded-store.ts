import { newSessionId } from '../codec/claims.js';
import { isRecord } from '../data/session-data.js';
import { SessionError } from '../session.errors.js';
import type { SessionStore, StoredSession } from '../store/session-store.js';
import type { SessionLog } from './session-log.js';

type Command<T> = (store: SessionStore) => Promise<T>;

/** An outage of reading may leave writing as it is, and the other way round, as where an engine's memory is full. */
type Kind = 'read' | 'write';

const SENTENCES = {
  read: ['Cannot load sessions', 'Sessions can be loaded from the store again.'],
  write: ['Cannot save sessions', 'Sessions can be saved in the store again.'],
} as const;

/**
 * A store whose commands end: with a deadline, and at once after one that was missed, until the store answers again. It logs one
 * line when the store goes and one when it is back.
 */
export class GuardedStore {
  readonly #store: SessionStore;
  readonly #log: SessionLog;
  /** In milliseconds. */
  readonly timeout: number;
  readonly #failing = new Set<Kind>();
  #isSilent = false;
  #isWatching = false;
  #isClosed = false;
  #probeTimer: NodeJS.Timeout | undefined;

  /** @param timeout in seconds */
  constructor(store: SessionStore, timeout: number, log: SessionLog) {
    this.#store = store;
    this.#log = log;
    this.timeout = timeout * 1000;
  }

  /** @throws SessionError `ERR_SESSION_STORE_UNAVAILABLE`, also where the store answers with something else than a session */
  load(key: string): Promise<StoredSession | undefined> {
    return this.read(async (store) => sessionOf(await store.load(key)));
  }

  /** @throws SessionError `ERR_SESSION_STORE_UNAVAILABLE` */
  read<T>(command: Command<T>): Promise<T> {
    return this.#run('read', command);
  }

  /** @throws SessionError `ERR_SESSION_STORE_UNAVAILABLE`; the command may have been carried out, or may be later */
  write<T>(command: Command<T>): Promise<T> {
    return this.#run('write', command);
  }

  #run<T>(kind: Kind, command: Command<T>): Promise<T> {
    return this.#isSilent ? Promise.reject(unavailable()) : this.#ask(kind, command);
  }

  /** Asks no more whether a store that was silent is back: an application that closes may close its client next. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#probeTimer);
  }

  async #ask<T>(kind: Kind, command: Command<T>, isProbe = false): Promise<T> {
    try {
      const result = await this.#withDeadline(command, isProbe);
      if (isProbe && this.#isClosed) return result;
      this.#isSilent = false;
      if (this.#failing.delete(kind)) this.#log.warn(SENTENCES[kind][1]);
      return result;
    } catch (error) {
      if (isProbe && this.#isClosed) throw error;
      // A store that rejects is there to be asked.
      this.#isSilent = error === TIMED_OUT;
      if (this.#isSilent && !this.#isWatching) this.#watch();
      if (!this.#failing.has(kind)) this.#log.error(`${SENTENCES[kind][0]}: the store ${causeOf(error)}.`);
      this.#failing.add(kind);
      throw unavailable();
    }
  }

  /**
   * Asks one time after another until the store answers. No request does it: it would wait for the deadline, also where its page
   * does not use the session. By a key that no session has, as theirs are hashes, and another one each time: where one node of a
   * cluster hangs, the others answer.
   */
  #watch(): void {
    this.#isWatching = this.#isSilent && !this.#isClosed;
    if (!this.#isWatching) return;
    const again = () => this.#watch();
    this.#ask('read', (store) => store.load(newSessionId()), true).then(again, again);
  }

  #withDeadline<T>(command: Command<T>, isProbe: boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(TIMED_OUT), this.timeout);
      // A process that has nothing else to do may end.
      if (isProbe) this.#probeTimer = timer.unref();
      const end =
        <V>(settle: (value: V) => void) =>
        (value: V) => {
          clearTimeout(timer);
          settle(value);
        };
      try {
        Promise.resolve(command(this.#store)).then(end(resolve), end(reject));
      } catch (error) {
        // A store may throw as well as reject.
        end(reject)(error);
      }
    });
  }
}

const TIMED_OUT = new Error('Timed out.');
const NO_SESSION = new Error('No session.');

/** The answer of a store, which may be the application's own. What can be recognised: a lost time only ends the session. */
function sessionOf(answer: unknown): StoredSession | undefined {
  // As drivers of databases say that there is none.
  if (answer === undefined || answer === null) return undefined;
  if (!isRecord(answer) || typeof answer.text !== 'string' || typeof answer.version !== 'number') throw NO_SESSION;
  return answer as unknown as StoredSession;
}

/** No message of an engine: it may hold keys, hosts and passwords. */
function causeOf(error: unknown): string {
  if (error === TIMED_OUT) return 'does not answer in time';
  if (error === NO_SESSION) return 'answers with something that is no session';
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  // Redis puts a word in front: READONLY, OOM, LOADING.
  const name = typeof code === 'string' ? code : /^[A-Z]{2,20}\b/.exec(String(message))?.[0];
  return name !== undefined && /^[A-Z0-9_]{2,40}$/.test(name) ? `answers ${name}` : 'fails';
}

/** A new error each time, so that its stack names the line that needs the session. */
export function unavailable(): SessionError {
  return new SessionError(
    'ERR_SESSION_STORE_UNAVAILABLE',
    'Cannot use the session: the store does not answer, or not in time. Ask again later; the log says when it went and why.',
  );
}
