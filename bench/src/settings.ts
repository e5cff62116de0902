import { visitorOf } from './codec/session.js';
import type { Effort } from './http/applications.js';
import type { Platform } from './http/platform.js';
import type { Setting } from './http/variant.js';
import type { Rounds } from './measure/rounds.js';

/** How much is measured of each part. */
export interface Efforts {
  readonly codec: Rounds;
  readonly inProcess: Effort;
  readonly sockets: Effort;
  readonly growth: Effort;
  readonly concurrency: Effort;
  /** Requests of a profile. */
  readonly profile: number;
}

export const FULL: Efforts = {
  codec: { count: 15, slice: 15, warmUp: 60 },
  inProcess: { starts: 3, warmUp: 14_000, rounds: { count: 8, slice: 80, warmUp: 80 } },
  sockets: { starts: 3, warmUp: 14_000, rounds: { count: 6, slice: 250, warmUp: 500 } },
  growth: { starts: 2, warmUp: 14_000, rounds: { count: 8, slice: 60, warmUp: 60 } },
  concurrency: { starts: 1, warmUp: 14_000, rounds: { count: 5, slice: 200, warmUp: 400 } },
  profile: 10_000,
};

/** Too little to decide anything that is close. */
export const QUICK: Efforts = {
  codec: { count: 5, slice: 2, warmUp: 8 },
  inProcess: { starts: 1, warmUp: 3000, rounds: { count: 4, slice: 30, warmUp: 30 } },
  sockets: { starts: 1, warmUp: 2000, rounds: { count: 2, slice: 80, warmUp: 80 } },
  growth: { starts: 1, warmUp: 3000, rounds: { count: 4, slice: 30, warmUp: 30 } },
  concurrency: { starts: 1, warmUp: 3000, rounds: { count: 1, slice: 50, warmUp: 50 } },
  profile: 1000,
};

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
