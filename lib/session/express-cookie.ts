import type { SessionService } from './session.service.js';

/** The lifetime of a session as express-session has it: in milliseconds. */
export class ExpressCookie {
  readonly #session: SessionService;

  constructor(session: SessionService) {
    this.#session = session;
  }

  get originalMaxAge(): number {
    return this.#session.maxAge * 1000;
  }

  get maxAge(): number {
    return this.originalMaxAge;
  }

  /** Rounded up to whole seconds; `null` takes the lifetime of the module again. */
  set maxAge(milliseconds: number | null | undefined) {
    this.#session.maxAge = typeof milliseconds === 'number' ? Math.ceil(milliseconds / 1000) : undefined;
  }

  get expires(): Date {
    return this.#session.expiresAt;
  }

  set expires(date: Date | false | null | undefined) {
    this.maxAge = date instanceof Date ? date.getTime() - Date.now() : null;
  }
}
