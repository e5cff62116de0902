/** What the session of this application holds: far more than a cookie may. */
export interface Notebook {
  user?: string;
  notes?: string[];
}

export const LONGEST_NOTE = 2000;
export const MOST_NOTES = 50;

/** A note as it came from a form, where anything may come; `undefined` if it is none. */
export function readNote(input: unknown): string | undefined {
  if (typeof input !== 'string') return undefined;
  const note = input.trim();
  return note === '' || note.length > LONGEST_NOTE ? undefined : note;
}
