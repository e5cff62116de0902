import { CLOCK_SKEW } from '../codec/lifetime.js';
import { rejected, type Rejected, type SessionClaims } from '../codec/session-codec.js';
import type { RawRequest } from '../http/raw-http.js';
import { SessionError } from '../session.errors.js';
import type { StoredSession as StoreRecord } from '../store/session-store.js';
import type { TransportedSession } from '../transport/session-transport.js';
import { unavailable } from './guarded-store.js';
import { isOlderThanCookie, readRecord } from './record.js';
import type { SessionStorage } from './session-storage.js';

/** What the store has of the session of a cookie. */
export interface FetchedRecord {
  /** `undefined`: there is none, or it has ended. */
  readonly record: StoreRecord | undefined;
  /** The fresh part of the record's key, of a session that was taken over. */
  readonly rk: string | undefined;
  /** Whether the record has to be written anew with the next cookie: see `OpenedRecord`. */
  readonly isStale: boolean;
  /** Whether the session has never had a record, and is taken over with its next write. */
  readonly isAdoptable: boolean;
}

/** The records that the cookies of one request speak of, fetched before the session is used. */
export class FetchedRecords {
  readonly #storage: SessionStorage;
  /** One for each cookie: mostly one at all. */
  readonly #records: { readonly claims: SessionClaims; readonly fetched: FetchedRecord }[] = [];
  #isUnavailable = false;
  #fetchedAt: number | undefined;

  constructor(storage: SessionStorage) {
    this.#storage = storage;
  }

  /**
   * Fetches the records. Never rejected: a failure is thrown where the session is used.
   *
   * @param now a NumericDate in whole seconds
   * @param saved the claims of a session that the request itself has saved
   * @returns `undefined` where neither they nor a cookie of the request speak of one, and the store is not asked
   */
  fetch(request: RawRequest, now: number, saved?: SessionClaims): Promise<void> | undefined {
    this.#fetchedAt = now;
    const asked = saved?.st === 1 ? [saved] : [];
    for (const { claims } of this.#storage.sessionsIn(request, now)) {
      if (!asked.some((each) => haveSameRecord(each, claims))) asked.push(claims);
    }
    const [first, ...others] = asked.map((claims) => this.#fetchOne(claims, now));
    return (others.length > 0 ? Promise.all([first, ...others]) : first)?.then(
      () => void (this.#isUnavailable = false),
      () => void (this.#isUnavailable = true),
    );
  }

  async #fetchOne(claims: SessionClaims, now: number): Promise<void> {
    const fetched = await (claims.st === 1 ? this.#recordOf(claims) : this.#adoptedOf(claims, now));
    this.#records.push({ claims, fetched });
  }

  async #recordOf({ jti, rk }: Pick<SessionClaims, 'jti' | 'rk'>): Promise<FetchedRecord> {
    const loaded = await this.#storage.records.fetch({ id: jti, rk });
    return { record: loaded?.record, rk, isStale: loaded?.isStale === true, isAdoptable: false };
  }

  /** For a session that came without a record: a request before may have taken it over. */
  async #adoptedOf({ jti, exp }: SessionClaims, now: number): Promise<FetchedRecord> {
    const key = this.#storage.adoptionKeyOf(jti);
    const adopted = await this.#storage.store.load(key);
    // The copy that came first had a shorter lifetime of its own.
    if (adopted !== undefined && adopted.expiresAt < exp) {
      await this.#storage.store.write((store) => store.touch(key, now, exp));
    }
    const rk = adopted?.text;
    if (rk === undefined || rk === '') return { record: undefined, rk, isStale: false, isAdoptable: rk === undefined };
    return this.#recordOf({ jti, rk });
  }

  /** What was fetched for a cookie; `undefined` for one that the store is not asked about. */
  get(claims: SessionClaims): FetchedRecord | undefined {
    return this.#records.find((each) => haveSameRecord(each.claims, claims))?.fetched;
  }

  /**
   * The session of a cookie, with the data from where it is.
   * @throws SessionError `ERR_SESSION_NOT_LOADED` or `ERR_SESSION_STORE_UNAVAILABLE`
   */
  of(cookie: TransportedSession, now: number): TransportedSession | Rejected {
    const { claims } = cookie;
    if (claims.st !== 1) {
      if (!this.#storage.needsRecord(cookie)) return cookie;
      if (!this.#storage.options.adopt) return rejected('stored');
    }
    if (this.#isUnavailable) throw unavailable();
    const fetched = this.get(claims);
    if (fetched === undefined) {
      // A session of the future when its request arrived, which the store was not asked about, stays one for all of the request.
      if (claims.iat > (this.#fetchedAt ?? Infinity) + CLOCK_SKEW) return rejected('future');
      throw notLoaded();
    }
    const { record, isAdoptable } = fetched;
    if (isAdoptable) return cookie;
    return record === undefined || record.expiresAt <= now ? rejected('revoked') : this.#with(record, cookie, now);
  }

  #with(record: StoreRecord, cookie: TransportedSession, now: number): TransportedSession | Rejected {
    const { claims } = cookie;
    const content = readRecord(record.text, this.#storage.settings.format);
    if (content === undefined) return rejected('malformed');
    // The record's end counts beside the cookie's: an older copy of the cookie may not know of a shorter life, nor may a
    // request that has extended the record at the same time.
    const { ttl = Infinity, abs = Infinity } = content.times;
    const exp = Math.min(claims.exp, record.expiresAt, record.seenAt + ttl, Math.floor(record.createdAt) + abs);
    // A store of the application's own may have lost a time, and NaN is no end.
    if (!(exp > now)) return rejected('expired');
    const session = { ...cookie, claims: { ...claims, ...content.times, exp } };
    if (cookie.isPointer !== true && isOlderThanCookie(record.text)) {
      // A log-out where the store has the data leaves the id as it is, and with it the copies that have data.
      return this.#storage.isOfOther(cookie, content.data) ? rejected('revoked') : session;
    }
    return content.data === undefined ? rejected('malformed') : { ...session, data: content.data, isShared: false };
  }
}

/** One session may have come with a record and without. */
function haveSameRecord(a: SessionClaims, b: SessionClaims): boolean {
  return a.jti === b.jti && a.st === b.st && a.rk === b.rk;
}

function notLoaded(): SessionError {
  return new SessionError(
    'ERR_SESSION_NOT_LOADED',
    'Cannot use the session: it was not fetched from the store, because store.skip leaves this request out or no server has ' +
      'announced it. Write await sessions.load(request, response) before.',
  );
}
