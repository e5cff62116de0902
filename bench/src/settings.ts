import { visitorOf } from './codec/session.js';
import type { Effort } from './http/applications.js';
import type { Platform } from './http/platform.js';
import type { Setting } from './http/variant.js';
import type { Rounds } from './measure/rounds.js';

/** After how many requests the heap is measured: first, and after so many more. */
export interface HeapRequests {
  readonly first: number;
  readonly more: number;
}

/** Of many applications, most is measured of those that a goal is about. */
interface Selection extends Effort {
  /** Starts in which the others take part; 0 leaves them out. */
  readonly fewStarts: number;
  /** Processes, in each start, of the application that all are compared with. */
  readonly copies: number;
}

/** How much is measured of each part. */
export interface Efforts {
  readonly codec: { readonly starts: number; readonly rounds: Rounds };
  readonly requests: Selection & {
    readonly inProcess: Rounds;
    /** The other half of a server has to be compiled first. */
    readonly sockets?: Rounds & {
      /** Requests at once: as many as keep a server busy. */
      readonly connections: number;
    };
  };
  readonly growth: Selection & { readonly inProcess: Rounds };
  /** What is no goal. */
  readonly more?: {
    readonly concurrency: Effort & { readonly sockets: Rounds };
    readonly heap: HeapRequests;
    /** Requests of each application in each round of the profiler. */
    readonly profile: number;
  };
}

/** Those of a whole run, which leaves nothing out. */
export interface FullEfforts extends Efforts {
  readonly requests: Required<Efforts['requests']>;
  readonly more: Required<Efforts>['more'];
}

/**
 * Many processes rather than long rounds: each is some percent faster or slower than its twins for as long as it lives,
 * which no further round of it tells. And several rounds rather than one: on Express much of what a request leaves behind
 * lives until the whole heap is collected, some thousand requests later, before which it costs a third more than after.
 */
export const FULL: FullEfforts = {
  codec: { starts: 5, rounds: { count: 10, slice: 15, warmUp: 60 } },
  requests: {
    starts: 10,
    fewStarts: 3,
    copies: 4,
    warmUp: 14_000,
    inProcess: { count: 3, slice: 300, warmUp: 300 },
    sockets: { connections: 32, count: 3, slice: 500, warmUp: 500 },
  },
  growth: {
    starts: 8,
    fewStarts: 2,
    copies: 2,
    warmUp: 14_000,
    inProcess: { count: 3, slice: 300, warmUp: 300 },
  },
  more: {
    concurrency: { starts: 2, warmUp: 14_000, sockets: { count: 3, slice: 300, warmUp: 900 } },
    heap: { first: 5_000, more: 20_000 },
    profile: 10_000,
  },
};

/** Too little to decide anything that is close, and nothing over sockets. */
export const QUICK: Efforts = {
  codec: { starts: 1, rounds: { count: 5, slice: 2, warmUp: 8 } },
  requests: { starts: 1, fewStarts: 0, copies: 1, warmUp: 10_500, inProcess: { count: 2, slice: 300, warmUp: 0 } },
  growth: { starts: 1, fewStarts: 0, copies: 1, warmUp: 10_500, inProcess: { count: 2, slice: 300, warmUp: 0 } },
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

/** @param size of the session's data, in bytes of JSON */
export function settingOf(platform: Platform, { size = USUAL_SIZE, keys = 1 } = {}): Setting {
  return { platform, visitor: visitorOf(size), secrets: secretsOf(keys) };
}
