import { isLifetime, type Lifetime, LONGEST_LIFETIME } from '../codec/lifetime.js';
import { quote } from '../data/quote.js';
import type { SessionSettings } from '../options/session.settings.js';
import { SessionError } from '../session.errors.js';
import type { SessionTransport } from '../transport/session-transport.js';
import type { SessionLog } from './session-log.js';
import type { SessionState } from './session-state.js';
import { warnOfLongLifetime } from './start-warnings.js';

/** The lifetime of one session, in whole seconds. What is left out is as the module has it. */
export interface SessionLifetime {
  /** Lifetime since the cookie was last issued. @default the module's `maxAge` */
  readonly maxAge?: number | undefined;
  /** Maximum lifetime since the session was created, whatever the activity. @default the module's `absoluteMaxAge` */
  readonly absoluteMaxAge?: number | undefined;
}

/** What a lifetime is judged by. */
interface LifetimeTools {
  readonly settings: SessionSettings;
  readonly log: SessionLog;
}

/**
 * Gives a session a lifetime of its own. A lifetime that cannot be sent as it was asked for is an error at that line: the
 * session would end at another time.
 *
 * @param now a NumericDate in whole seconds
 * @throws SessionError `ERR_SESSION_MAX_AGE_INVALID`
 */
export function giveLifetime(
  state: SessionState,
  { maxAge, absoluteMaxAge }: SessionLifetime,
  { settings, log }: LifetimeTools,
  now: number,
): void {
  const { lifetime, transports } = settings;
  checkSeconds('maxAge', maxAge);
  checkSeconds('absoluteMaxAge', absoluteMaxAge);
  checkForeign({ maxAge, absoluteMaxAge }, lifetime, transports[0]);
  const absolute = absoluteMaxAge ?? lifetime.options.absoluteMaxAge;
  if (maxAge !== undefined && absolute !== undefined && maxAge > absolute) {
    throw invalid(
      'maxAge',
      `${maxAge} seconds are more than its absoluteMaxAge, which are ${absolute}`,
      'Give both, session.setLifetime({ maxAge, absoluteMaxAge }), or a shorter maxAge.',
    );
  }
  if (absoluteMaxAge !== undefined && now >= Math.floor(state.createdAt) + absoluteMaxAge) {
    throw invalid(
      'absoluteMaxAge',
      `the session was created more than ${absoluteMaxAge} seconds ago and would end at once`,
      'Call session.regenerate({ restart: true }) first, or session.destroy().',
    );
  }
  state.ttl = maxAge;
  state.abs = absoluteMaxAge;
  warnOfLongLifetime('The maxAge of a session', maxAge, log);
  warnOfLongLifetime('The absoluteMaxAge of a session', absoluteMaxAge, log);
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
  { format, isOurs }: SessionTransport,
): void {
  if (isOurs) return;
  const why = `cookies of ${quote(format)} do not carry it`;
  if (absoluteMaxAge !== undefined) throw invalid('absoluteMaxAge', why, 'Use a format of ours.');
  if (maxAge !== undefined && maxAge > options.maxAge) {
    throw invalid('maxAge', `${why}, and the server ends them after ${options.maxAge} seconds`, 'Give at most that.');
  }
}

function invalid(name: keyof SessionLifetime, why: string, remedy: string): SessionError {
  return new SessionError('ERR_SESSION_MAX_AGE_INVALID', `Cannot set the ${name} of the session: ${why}. ${remedy}`);
}
