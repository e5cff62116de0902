import type { LifetimeOptions } from '../codec/lifetime.js';
import type { SessionLog } from './session-log.js';

const DAY = 24 * 60 * 60;
/** How long browsers keep a cookie at most, in seconds (RFC 6265bis §5.5). */
const LONGEST_IN_BROWSERS = 400 * DAY;

/** Warns of a lifetime that is meant in milliseconds. @param option names it in the message */
export function warnOfLongLifetime(option: string, seconds: number | undefined, log: SessionLog): void {
  if (seconds === undefined || seconds <= LONGEST_IN_BROWSERS) return;
  log.warnOnce(
    `${option} is ${seconds} seconds, which are ${Math.floor(seconds / DAY)} days: browsers keep a cookie for at most ` +
      '400 days. Give seconds, not milliseconds.',
  );
}

/** Warns of options that are possible, but hardly meant. */
export function warnAtStart({ maxAge, absoluteMaxAge }: LifetimeOptions, log: SessionLog): void {
  warnOfLongLifetime('The session option "maxAge"', maxAge, log);
  warnOfLongLifetime('The session option "absoluteMaxAge"', absoluteMaxAge, log);
}
