import { hash } from 'node:crypto';

/** The key of a session in the store: a dump of the store holds no id that a cookie could carry. */
export function recordKey(cookieName: string, id: string): string {
  return hashOf('session', cookieName, id);
}

/** What a store gets to know of the person whose session it is. The same for each session of an application. */
export function subjectKey(cookieName: string, subject: string): string {
  return hashOf('subject', cookieName, subject);
}

/** SHA-256, base64url. The parts cannot run into each other: the first two contain no line break. */
function hashOf(...parts: readonly [purpose: string, cookieName: string, value: string]): string {
  return hash('sha256', parts.join('\n'), 'base64url');
}
