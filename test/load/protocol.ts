/** What a request asks of the session of its visitor. */
export interface Order {
  readonly user: string;
  /** How many characters the session's largest value has. */
  readonly filling: number;
}

/** What a session holds: each value says whose it is. */
export interface Stored {
  owner: string;
  count: number;
  filling: string;
  tags: { list: string[] };
}

/** From run.ts to server.ts. */
export type ToServer = 'measure' | 'stop';

/** From server.ts to run.ts. */
export type FromServer =
  | { readonly type: 'listening'; readonly ports: readonly number[] }
  | { readonly type: 'heap'; readonly bytes: number }
  | { readonly type: 'error'; readonly text: string };
