import { type LoggerService, NotFoundException } from '@nestjs/common';
import type { SessionService } from 'nestjs-sessions';
import { rawResponse, routes } from '../../support/routes.js';

/** Values of the session, of options and of errors that others throw. */
export const MARKER = 'a-marker-nobody-may-see';
const BIG = MARKER.repeat(300);

/** What a request may come to, the good and the bad; each stores the marker. */
export const FAILURES: Readonly<Record<string, (session: SessionService, response: object) => unknown>> = {
  bigint: (session) => session.set('bad', { [MARKER.length]: 10n, MARKER }),
  cycle: (session) => {
    const circle: Record<string, unknown> = { MARKER };
    session.set('bad', Object.assign(circle, { circle }));
  },
  function: (session) => session.set('bad', () => MARKER),
  symbol: (session) => session.set('bad', Symbol(MARKER)),
  getter: (session) => session.set('bad', Object.defineProperty({}, 'it', { enumerable: true, get: failing })),
  toJson: (session) => session.set('bad', { toJSON: failing }),
  large: (session) => session.set('text', BIG),
  proto: (session) => session.set('__proto__', { MARKER }),
  maxAge: (session) => (session.maxAge = MARKER as unknown as number),
  throws: (session) => {
    session.set('bad', [10n, MARKER]);
    throw new NotFoundException('not here');
  },
  rawBad: (session, response) => {
    session.set('bad', [10n, MARKER]);
    rawResponse(response).end('answered');
  },
  late: (session, response) => {
    rawResponse(response).end('answered');
    session.set('late', MARKER);
  },
  lateDeep: (session, response) => {
    session.data.list.push(MARKER);
    rawResponse(response).end('answered');
    session.data.list.push(MARKER);
  },
};

/** The session of each /write. */
export const sessions: SessionService[] = [];

export const controller = routes({
  ...FAILURES,
  write: (session) => {
    session.update({ user: MARKER, list: [{ deep: MARKER }] });
    sessions.push(session);
  },
  read: (session, response) => {
    response.header('Cache-Control', 'public');
    session.touch();
    return `${session.get('user') === MARKER}`;
  },
  regenerate: (session) => session.regenerate({ keep: ['user', 'list'] }),
});

/** Keeps each line of every level, whoever writes it. */
export class EveryLine implements LoggerService {
  readonly lines: unknown[][] = [];

  log = (...line: unknown[]) => void this.lines.push(line);
  error = this.log;
  warn = this.log;
  debug = this.log;
  verbose = this.log;
  fatal = this.log;
}

/** Somebody's own error, which others must not print. */
export function failing(): never {
  throw new Error(MARKER);
}
