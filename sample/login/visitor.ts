/** What the session of this application holds. */
export interface Visitor {
  user?: string;
  visits?: number;
}

export const LONGEST_NAME = 40;

/** A name as it came from a form, where anything may come; `undefined` if it is none. */
export function readName(input: unknown): string | undefined {
  if (typeof input !== 'string') return undefined;
  const name = input.trim();
  return name === '' || name.length > LONGEST_NAME ? undefined : name;
}
