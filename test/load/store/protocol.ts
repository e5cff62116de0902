/** What a request does with the session of its visitor, in this order; nothing: it only reads. */
export interface Order {
  readonly end?: End;
  /** For `regenerate`. @default none */
  readonly keep?: readonly string[];
  /** A key to delete. */
  readonly remove?: string;
  /** A key, and a value that begins with the name of the visitor. */
  readonly set?: readonly [key: string, value: string];
}

/** How a session ends; `person`: by setting {@link PERSON}, which is a log-in. */
export type End = 'destroy' | 'clear' | 'regenerate' | 'person';

/** The key that says whose session it is. */
export const PERSON = 'person';

/** What a handler found, before it changed anything. */
export interface Found {
  readonly isNew: boolean;
  readonly data: Readonly<Record<string, string>>;
}

/** How a request is answered, with the status: returned, by hand, and by an exception after the change. */
export const ANSWERS = { visit: 200, redirect: 302, deny: 403 } as const;
