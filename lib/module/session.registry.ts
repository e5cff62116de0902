import { chunkName, MAX_CHUNKS } from '../cookie/chunks.js';
import { quote } from '../data/quote.js';
import { invalidOption } from '../options/parse-options.js';
import type { SessionSettings } from '../options/session.settings.js';

/** The sessions of each application, by its `ModulesContainer`. */
const applications = new WeakMap<object, SessionSettings[]>();

/**
 * Registers a session of an application.
 *
 * @throws SessionError `ERR_SESSION_OPTION_INVALID` if another session has its name or cookie, or the name is
 * impossible
 */
export function registerSession(application: object, settings: SessionSettings): void {
  const sessions = applications.get(application) ?? [];
  applications.set(application, sessions);
  const { name, cookieName } = settings;
  if (typeof name !== 'string' || name === '') {
    throw invalidOption('name', 'its value is not possible', 'Give a text of at least one character.');
  }
  if (sessions.some((other) => other.name === name)) {
    throw invalidOption(
      'name',
      `another SessionModule has the name ${quote(name)}`,
      'Import SessionModule.forRoot() once, in AppModule: it is global. Give a second session its own name and cookieName.',
    );
  }
  const rival = sessions.find((other) => isSameCookie(cookieName, other.cookieName));
  if (rival !== undefined) {
    throw invalidOption(
      'cookieName',
      `another SessionModule has the cookie "${rival.cookieName}"`,
      'Give each its own.',
    );
  }
  sessions.push(settings);
}

/** Whether one is a chunk of the other: a session in the cookie `session` also writes and deletes `session.1`. */
function isSameCookie(a: string, b: string): boolean {
  return cookieNames(a).includes(b) || cookieNames(b).includes(a);
}

function cookieNames(name: string): string[] {
  return Array.from({ length: MAX_CHUNKS }, (_, index) => chunkName(name, index));
}
