import { FORGE } from '../../interop/support/forge.js';
import * as interop from '../../interop/support/formats.js';
import { START } from '../../support/clock.js';
import { authentic, ID, type Mode, MODES, payloadOf, settingsFor } from './modes.js';

/** The values of a cookie and of its companions. */
export type Values = interop.Values;

/** What comes of values that came in a cookie. */
export type Opening =
  | {
      readonly ok: true;
      readonly data: object;
      readonly issuedAt?: number | undefined;
      readonly expiresAt?: number | undefined;
    }
  | { readonly ok: false; readonly reason: string };

/** Anything that opens the value of a cookie: one of our codecs, or a foreign format. */
export interface Opener {
  readonly name: string;
  /** The values that hold this session. @param now a NumericDate */
  readonly seal: (data: object, now?: number) => readonly [string, ...string[]];
  /** Authentic values with this JSON in the place of the session's data. */
  readonly forge: (data: string) => Values;
  readonly open: (values: Values, now?: number) => Opening;
}

/** Each opener, by its name. */
export const OPENERS: readonly Opener[] = [
  ...MODES.map(ownOpener),
  ...interop.NAMES.map((name) => foreignOpener(name, interop.formatFor(name), FORGE[name])),
];

/** A token of ours, judged as a request's cookie is: authentic, of the right form, within its time. */
export function ownOpener(mode: Mode): Opener {
  const { codec, format, lifetime } = settingsFor(mode);
  return {
    name: mode,
    seal(data, now = START) {
      return [codec.seal({ jti: ID, iat: now, exp: now + lifetime.options.maxAge }, JSON.stringify(data))];
    },
    forge(data) {
      return [authentic(mode, payloadOf({ data: undefined }, START).replace(/\}$/, `,"data":${data}}`))];
    },
    open([token], now = START) {
      const opened = codec.unseal(token);
      if (!opened.ok) return opened;
      const { iat, exp } = opened.claims;
      const reason = lifetime.reject(opened.claims, now);
      const data = format.accept(opened.data);
      if (reason !== undefined || data === undefined) return { ok: false, reason: reason ?? 'malformed' };
      return { ok: true, data, issuedAt: iat, expiresAt: exp };
    },
  };
}

/** @param forge makes authentic values out of any text */
export function foreignOpener(
  name: string,
  format: Parameters<typeof interop.open>[0],
  forge: (data: string, now: number) => Values,
): Opener {
  return {
    name,
    seal: (data, now = START) => interop.write(format, data, now),
    forge: (data) => forge(data, START),
    open: (values, now = START) => interop.open(format, values, now),
  };
}
