import { isLifetime, type Lifetime, LONGEST_LIFETIME } from '../codec/lifetime.js';
import { quote } from '../data/quote.js';
import { SessionError } from '../session.errors.js';
import type { SessionTransport } from '../transport/session-transport.js';

/** The lifetime of one session, in whole seconds. What is left out is as the module has it. */
export interface SessionLifetime {
  /** Lifetime since the cookie was last issued. @default the module's `maxAge` */
  readonly maxAge?: number | undefined;
  /** Maximum lifetime since the session was created, whatever the activity. @default the module's `absoluteMaxAge` */
  readonly absoluteMaxAge?: number | undefined;
}

/** What a lifetime is judged by. */
export interface LifetimeContext {
  /** That of the module. */
  readonly lifetime: Lifetime;
  /** How the session travels. */
  readonly transport: SessionTransport;
  readonly createdAt: number;
  /** A NumericDate in whole seconds. */
  readonly now: number;
}

/**
 * Checks a lifetime that the application gives to one session: what cannot be sent as it was asked for is an error at that
 * line, and not a session that ends at another time.
 *
 * @throws SessionError `ERR_SESSION_MAX_AGE_INVALID`
 */
export function checkLifetime({ maxAge, absoluteMaxAge }: SessionLifetime, context: LifetimeContext): void {
  const { lifetime, transport, createdAt, now } = context;
  checkSeconds('maxAge', maxAge);
  checkSeconds('absoluteMaxAge', absoluteMaxAge);
  if (!transport.keepsLifetime) checkForeign({ maxAge, absoluteMaxAge }, lifetime, transport);
  const absolute = absoluteMaxAge ?? lifetime.options.absoluteMaxAge;
  if (maxAge !== undefined && absolute !== undefined && maxAge > absolute) {
    throw invalid(
      'maxAge',
      `${maxAge} seconds are more than its absoluteMaxAge, which are ${absolute}`,
      'Give both, session.setLifetime({ maxAge, absoluteMaxAge }), or a shorter maxAge.',
    );
  }
  if (absoluteMaxAge !== undefined && now >= Math.floor(createdAt) + absoluteMaxAge) {
    throw invalid(
      'absoluteMaxAge',
      `the session was created more than ${absoluteMaxAge} seconds ago and would end at once`,
      'Call session.regenerate({ restart: true }) first, or session.destroy().',
    );
  }
}

function checkSeconds(name: keyof SessionLifetime, seconds: unknown): void {
  if (seconds === undefined || isLifetime(seconds)) return;
  throw invalid(
    name,
    `it is not a whole number of seconds from 1 to ${LONGEST_LIFETIME}`,
    `Give seconds, not milliseconds, or undefined for the ${name} of the module.`,
  );
}

/** A cookie of another package has no place for a lifetime: it is read by the module's. */
function checkForeign(
  { maxAge, absoluteMaxAge }: SessionLifetime,
  { options }: Lifetime,
  { format }: SessionTransport,
) {
  const why = `cookies of ${quote(format)} do not carry it`;
  if (absoluteMaxAge !== undefined) throw invalid('absoluteMaxAge', why, 'Use a format of ours.');
  if (maxAge !== undefined && maxAge > options.maxAge) {
    throw invalid('maxAge', `${why}, and the server ends them after ${options.maxAge} seconds`, 'Give at most that.');
  }
}

function invalid(name: keyof SessionLifetime, why: string, remedy: string): SessionError {
  return new SessionError('ERR_SESSION_MAX_AGE_INVALID', `Cannot set the ${name} of the session: ${why}. ${remedy}`);
}
