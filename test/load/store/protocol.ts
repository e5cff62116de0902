/** What a request asks of the session of its visitor. */
export interface Order {
  /** The key to write, which holds the name of the visitor; none: only read. */
  readonly key?: string;
  readonly value?: string;
}

/** What a handler found, before it changed anything. */
export interface Found {
  readonly isNew: boolean;
  readonly data: Readonly<Record<string, string>>;
}

/** How a session is written and the request answered, with the status: returned, by hand, and by an exception after the write. */
export const WRITES = { visit: 200, redirect: 302, deny: 403 } as const;
