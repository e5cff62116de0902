import type { Rounds } from './measure/rounds.js';
import type { Setting } from './http/variant.js';
import { visitorOf } from './codec/session.js';
import type { Platform } from './http/platform.js';

/** How much is measured. */
export interface Effort {
  /** In one process, by many short rounds. */
  readonly rounds: Rounds;
  /** Over sockets: rounds, and requests of one server in one round. */
  readonly sockets: { readonly count: number; readonly requests: number };
}

export const FULL: Effort = { rounds: { count: 25, slice: 15 }, sockets: { count: 4, requests: 2000 } };
export const QUICK: Effort = { rounds: { count: 5, slice: 2 }, sockets: { count: 1, requests: 300 } };

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
