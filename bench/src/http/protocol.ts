import type { Setting } from './variant.js';

/** What a server is started with. */
export interface Order {
  readonly variant: string;
  readonly setting: Setting;
}

/** What a server says: where it listens; or CPU time so far in microseconds, or bytes of the heap, whichever was asked. */
export interface FromServer {
  readonly port?: number;
  readonly value?: number;
}
