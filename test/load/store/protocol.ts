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
