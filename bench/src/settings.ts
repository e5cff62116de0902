import { visitorOf } from './codec/session.js';
import type { Effort } from './http/applications.js';
import type { Platform } from './http/platform.js';
import type { Setting } from './http/variant.js';
import type { Rounds } from './measure/rounds.js';

/** How much is measured of each part. */
export interface Efforts {
  readonly codec: Rounds;
  readonly requests: Effort & {
    readonly inProcess: Rounds;
    /** The other half of a server has to be compiled first. */
    readonly sockets?: Rounds;
  };
  readonly growth: Effort & { readonly inProcess: Rounds };
  /** What is no goal: requests at once, heaps, profiles. */
  readonly more?: { readonly concurrency: Effort & { readonly sockets: Rounds }; readonly profile: number };
}

/**
 * Slices are long, as on Express much of what a request leaves behind lives until the whole heap is collected, some
 * thousand requests later: a request costs a third more before that than after.
 */
export const FULL = {
  codec: { count: 15, slice: 15, warmUp: 60 },
  requests: {
    starts: 3,
    warmUp: 14_000,
    inProcess: { count: 4, slice: 400, warmUp: 400 },
    sockets: { count: 3, slice: 500, warmUp: 1500 },
  },
  growth: { starts: 2, warmUp: 14_000, inProcess: { count: 4, slice: 300, warmUp: 300 } },
  more: {
    concurrency: { starts: 1, warmUp: 14_000, sockets: { count: 3, slice: 300, warmUp: 900 } },
    profile: 10_000,
  },
} as const satisfies Efforts;

/** Too little to decide anything that is close, and nothing over sockets. */
export const QUICK: Efforts = {
  codec: { count: 5, slice: 2, warmUp: 8 },
  requests: { starts: 1, warmUp: 10_500, inProcess: { count: 2, slice: 300, warmUp: 0 } },
  growth: { starts: 1, warmUp: 10_500, inProcess: { count: 2, slice: 300, warmUp: 0 } },
};

/** Requests over sockets at once: as many as keep a server busy. */
export const CONNECTIONS = 32;

/** In bytes of JSON, where nothing else is said. */
const USUAL_SIZE = 139;

/** The secrets of a setting, newest first; each of 32 bytes. */
function secretsOf(count: number): [string, ...string[]] {
  return [secretOf(0), ...Array.from({ length: count - 1 }, (_, index) => secretOf(index + 1))];
}

function secretOf(index: number): string {
  return `nestjs-sessions bench, secret ${String(index).padStart(2, '0')}`;
}

export function settingOf(platform: Platform, { size = USUAL_SIZE, keys = 1 } = {}): Setting {
  return { platform, visitor: visitorOf(size), secrets: secretsOf(keys) };
}
