import type { SessionCodec } from '../../lib/codec/session-codec.js';
import type { SessionCookie } from '../../lib/cookie/session-cookie.js';
import { TokenCookie } from '../../lib/transport/token-cookie.js';
import type { SessionModuleOptions } from '../../lib/options/session.options.js';
import * as lib from '../../lib/options/session.settings.js';

/** The settings of options, with the codec and the cookie that do the work inside of the transports. */
export interface OpenSettings extends lib.SessionSettings {
  /** Seals as the first transport does, and opens what any of them opens. */
  readonly codec: SessionCodec;
  readonly cookie: SessionCookie;
}

/** As the package's own, for tests that want to see inside of the transports. */
export function resolveSettings(options: SessionModuleOptions): OpenSettings {
  const settings = lib.resolveSettings(options);
  const transports = settings.transports.filter((transport) => transport instanceof TokenCookie);
  const [own] = transports;
  if (own === undefined) throw new TypeError('These settings have no token of ours.');
  return Object.freeze({ ...settings, codec: codecOf(own, transports.slice(1)), cookie: own.cookie });
}

function codecOf({ codec }: TokenCookie, accepted: readonly TokenCookie[]): SessionCodec {
  return {
    seal: (claims, data) => codec.seal(claims, data),
    tokenLength: (claims, data) => codec.tokenLength(claims, data),
    unseal(token) {
      let result = codec.unseal(token);
      for (const other of accepted) {
        if (result.ok) break;
        const opened = other.codec.unseal(token);
        if (opened.ok) return { ...opened, stale: true };
        if (result.reason === 'malformed') result = opened;
      }
      return result;
    },
  };
}
