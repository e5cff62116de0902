import { beforeEach, expect, it } from '@jest/globals';
import type { SessionService } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { setClock, START, stopClock } from '../../support/clock.js';
import { rawResponse, routes } from '../../support/routes.js';
import { forge } from '../../support/tokens.js';

/** When the stream looks, in seconds after the start, and what it sees. */
let moments: readonly number[] = [];
let seen: string[] = [];

/** Changes the session, sends the headers, and looks at it from time to time. */
const streaming = (change: (session: SessionService) => unknown) => async (session: SessionService, reply: object) => {
  change(session);
  const response = rawResponse(reply);
  response.writeHead(200);
  // With a store the headers leave when the session is saved.
  await new Promise((resolve) => void response.write('.', resolve));
  for (const seconds of moments) {
    setClock(seconds);
    seen.push(`${session.get('user')} ${session.isNew}`);
  }
  response.end();
};

const controller = routes({
  begin: streaming((session) => session.set('user', 'ann')),
  write: streaming((session) => session.set('user', 'ann')),
  briefly: streaming((session) => {
    session.maxAge = 5;
    session.set('user', 'ann');
  }),
  unsaved: streaming((session) => session.update({ user: 'ann', big: 1n })),
  nothing: streaming((session) => session.get('user')),
  logout: streaming((session) => session.destroy()),
});

const cookie = () => ({ cookie: `session=${forge({ user: 'tom' }, { claims: { iat: START, exp: START + 10 } })}` });
const none = () => ({});

describeOnEachPlatform('A stream that outlives its session', (platform) => {
  beforeEach(() => {
    stopClock();
    seen = [];
  });

  it.each<[string, string, () => object, readonly number[], readonly string[]]>([
    ['that began in its request', 'begin', none, [19, 20, 21], ['ann true', 'undefined true', 'undefined true']],
    ['that was extended with its headers', 'write', cookie, [10, 19, 20], ['ann false', 'ann false', 'undefined true']],
    [
      'that was shortened with its headers',
      'briefly',
      cookie,
      [4, 5, 9],
      ['ann false', 'undefined true', 'undefined true'],
    ],
    ['that could not be saved', 'unsaved', none, [19, 20], ['ann true', 'undefined true']],
    ['that came', 'nothing', cookie, [9, 10, 11], ['tom false', 'undefined true', 'undefined true']],
    ['that was destroyed', 'logout', cookie, [1, 9], ['undefined false', 'undefined false']],
  ])('sees an empty, new one from then on: one %s', async (_, path, headers, when, expected) => {
    moments = when;
    const client = (await startApp(platform, { session: { maxAge: 20 }, controllers: [controller] })).client();
    await client.get(`/${path}`, { headers: { ...headers() } });
    expect(seen).toEqual(expected);
  });
});
