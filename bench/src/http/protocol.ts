import type { CookieHeader } from './cookies.js';
import type { Profile } from './profile.js';
import type { Setting } from './variant.js';

/** What a server is started with. */
export interface Order {
  readonly variant: string;
  readonly setting: Setting;
  /** What the measured request sends. @default what a browser sends after the log-in */
  readonly cookie?: CookieHeader | undefined;
}

/**
 * What a server is asked: what it has served so far; the bytes of its heap; or, of so many requests that it sends itself
 * without a socket, the CPU time in microseconds, the bytes that they allocate, or where the time goes.
 */
export type Question = 'served' | NumericQuestion | { readonly profileOf: number };

/** What is answered by a number; `hold` asks for nothing but that requests over sockets wait until so many have come. */
export type NumericQuestion =
  'heap' | { readonly times: number } | { readonly bytesOf: number } | { readonly hold: number };

/** What a server has done so far. */
export interface Served {
  /** CPU time in microseconds. */
  readonly cpu: number;
  /** Requests that have come over sockets. */
  readonly requests: number;
}

/** What a server says: first where it listens and which cookie is to be sent, then an answer to each question. */
export type FromServer =
  | { readonly port: number; readonly cookie: string }
  | { readonly value: number }
  | { readonly served: Served }
  | { readonly profile: Profile };
