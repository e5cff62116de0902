import { hash } from 'node:crypto';

/** What the key of a record is made of. */
export interface RecordName {
  /** The id of its session. */
  readonly id: string;
  /** What is fresh in the key of a session that was taken over, because its id is known. */
  readonly rk?: string | undefined;
}

/** The name as text, which only its cookie knows. No id has a dot. */
export function textOf({ id, rk }: RecordName): string {
  return rk === undefined ? id : `${id}.${rk}`;
}

/** The key of a session in the store: a dump of the store holds no id that a cookie could carry. */
export function recordKey(cookieName: string, name: RecordName): string {
  return hashOf('session', cookieName, textOf(name));
}

/** The key under which the store remembers that a session was taken over from a cookie without a record. */
export function adoptionKey(cookieName: string, id: string): string {
  return hashOf('adopted', cookieName, id);
}

/** What a store gets to know of the person whose session it is. The same for each session of an application. */
export function subjectKey(cookieName: string, subject: string): string {
  return hashOf('subject', cookieName, subject);
}

/** SHA-256, base64url. The parts cannot run into each other: the first two contain no line break. */
function hashOf(...parts: readonly [purpose: string, cookieName: string, value: string]): string {
  return hash('sha256', parts.join('\n'), 'base64url');
}
