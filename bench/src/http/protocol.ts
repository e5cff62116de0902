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
 * What a server is asked: its CPU time so far in microseconds; the bytes of its heap; or, of so many requests that it sends
 * itself without a socket, the CPU time, the bytes that they allocate, or where the time goes.
 */
export type Question =
  'cpu' | 'heap' | { readonly times: number } | { readonly bytesOf: number } | { readonly profileOf: number };

/** What a server says: first where it listens and which cookie is to be sent, then an answer to each question. */
export type FromServer =
  { readonly port: number; readonly cookie: string } | { readonly value: number } | { readonly profile: Profile };
