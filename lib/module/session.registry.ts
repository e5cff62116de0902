import { quote } from '../data/quote.js';
import { shareHeaders } from '../options/header-budget.js';
import { invalidOption } from '../options/option-errors.js';
import type { SessionSettings } from '../options/session.settings.js';
import { share } from '../options/transports.js';

/** The sessions of each application, by its `ModulesContainer`. */
const applications = new WeakMap<object, SessionSettings[]>();

/**
 * Registers a session of an application.
 *
 * @throws SessionError `ERR_SESSION_OPTION_INVALID` if another session has its name or one of its cookies, or the name is
 * impossible
 */
export function registerSession(application: object, settings: SessionSettings): void {
  const sessions = applications.get(application) ?? [];
  applications.set(application, sessions);
  const { name } = settings;
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
  for (const other of sessions) checkCookies(settings, other);
  sessions.push(settings);
  limitCookies(application, undefined);
}

/**
 * Divides what the server reads of a request's headers among the sessions of an application.
 *
 * @param server of Node, once it is known: it may read more or less than Node does by default
 */
export function limitCookies(application: object, server: unknown): void {
  const sessions = applications.get(application) ?? [];
  const limits = sessions.map((session) => session.limits);
  const isTold = typeof server === 'object' && server !== null && 'maxHeaderSize' in server;
  shareHeaders(limits, isTold && typeof server.maxHeaderSize === 'number' ? server.maxHeaderSize : undefined);
}

/** One session would read, write and delete cookies of the other: in formats that it accepts, and in further cookies too. */
function checkCookies({ transports }: SessionSettings, other: SessionSettings): void {
  for (const [index, transport] of transports.entries()) {
    const rival = other.transports.find(({ names }) => share(names, transport.names));
    if (rival === undefined) continue;
    const isOurs = transport.format === 'signed' || transport.format === 'encrypted';
    const option = isOurs ? 'cookieName' : index === 0 ? 'codec' : 'accept';
    throw invalidOption(option, `another SessionModule has the cookie "${rival.names[0]}"`, 'Give each its own.');
  }
}
