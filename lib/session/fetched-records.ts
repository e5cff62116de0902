import { rejected, type Rejected } from '../codec/session-codec.js';
import type { RawRequest } from '../http/raw-http.js';
import { SessionError } from '../session.errors.js';
import type { StoredSession as StoreRecord } from '../store/session-store.js';
import type { TransportedSession } from '../transport/session-transport.js';
import { unavailable } from './guarded-store.js';
import { readRecord } from './record.js';
import type { SessionStorage } from './session-storage.js';

/** The records that the cookies of one request speak of, fetched before the session is used. */
export class FetchedRecords {
  readonly #storage: SessionStorage;
  /** By session id; `undefined` where the store has none. */
  readonly #records = new Map<string, StoreRecord | undefined>();
  #isUnavailable = false;

  constructor(storage: SessionStorage) {
    this.#storage = storage;
  }

  /**
   * Fetches the records. Never rejected: a failure is thrown where the session is used.
   *
   * @param now a NumericDate in whole seconds
   * @returns `undefined` where no cookie of the request speaks of one, and the store is not asked
   */
  fetch(request: RawRequest, now: number): Promise<void> | undefined {
    const ids = new Set(this.#storage.sessionsIn(request, now).map(({ claims }) => claims.jti));
    if (ids.size === 0) return undefined;
    const fetching = [...ids].map((id) => this.#fetchOne(id));
    return (fetching.length === 1 ? fetching[0] : Promise.all(fetching))?.then(
      () => void (this.#isUnavailable = false),
      () => void (this.#isUnavailable = true),
    );
  }

  async #fetchOne(id: string): Promise<void> {
    const key = this.#storage.keyOf(id);
    this.#records.set(id, await this.#storage.store.read((store) => store.load(key)));
  }

  /** The record of a session, if there is one. */
  get(id: string): StoreRecord | undefined {
    return this.#records.get(id);
  }

  /**
   * The session that a cookie speaks of.
   * @throws SessionError `ERR_SESSION_NOT_LOADED` or `ERR_SESSION_STORE_UNAVAILABLE`
   */
  of({ claims, ...cookie }: TransportedSession, now: number): TransportedSession | Rejected {
    if (this.#isUnavailable) throw unavailable();
    if (!this.#records.has(claims.jti)) throw notLoaded();
    const record = this.#records.get(claims.jti);
    if (record === undefined || record.expiresAt <= now) return rejected('revoked');
    const content = readRecord(record.text, this.#storage.settings.format);
    if (content === undefined) return rejected('malformed');
    // The record's end counts beside the cookie's: an older copy of the cookie may not know of a shorter life, nor may a
    // request that has extended the record at the same time.
    const { ttl = Infinity, abs = Infinity } = content.times;
    const exp = Math.min(claims.exp, record.expiresAt, record.seenAt + ttl, Math.floor(record.createdAt) + abs);
    // A store of the application's own may have lost a time, and NaN is no end.
    if (!(exp > now)) return rejected('expired');
    return { ...cookie, claims: { ...claims, ...content.times, exp }, data: content.data, isShared: false };
  }
}

function notLoaded(): SessionError {
  return new SessionError(
    'ERR_SESSION_NOT_LOADED',
    'Cannot use the session: it was not fetched from the store, because store.skip leaves this request out or no server has ' +
      'announced it. Write await sessions.load(request, response) before.',
  );
}
