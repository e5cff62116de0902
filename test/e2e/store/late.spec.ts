import { expect, it } from '@jest/globals';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { setClock, stopClock } from '../../support/clock.js';
import { RecordingLogger } from '../../support/log.js';
import { rawResponse, routes } from '../../support/routes.js';
import { SessionFilter } from '../../support/session-filter.js';
import { slowStore } from '../../support/stores.js';

/** A value that JSON cannot carry. */
const BAD = 1n;

const controller = routes({
  begin: (session) => {
    session.data.list = [];
  },
  late: (session, response) => {
    session.data.list.push(1);
    rawResponse(response).end('answered');
    session.data.list.push(2);
  },
  back: (session, response) => {
    session.data.list.push(1);
    rawResponse(response).end('answered');
    session.data.list.push(2);
    session.data.list.pop();
  },
  'late-set': (session, response) => {
    session.data.list.push(1);
    rawResponse(response).end('answered');
    try {
      session.set('late', true);
    } catch (error) {
      session.data.list.push((error as { code: string }).code);
    }
  },
  'beyond-its-end': (session, response) => {
    session.set('user', 'ada');
    session.touch();
    const raw = rawResponse(response);
    raw.writeHead(200);
    setClock(1000);
    const seen = session.get('user');
    setClock(500);
    raw.end(seen);
  },
  bad: (session) => session.set('bad', BAD),
  'bad-by-hand': (session, response) => {
    session.set('bad', BAD);
    rawResponse(response).end('answered');
  },
});

const lost = (place: string) => ({
  level: 'error',
  message: `Cannot save a change of the session at "${place}": it was made after the response headers had left. Make it earlier.`,
});

describeOnEachPlatform('While a response waits for its session', (platform) => {
  const start = async (options: { maxAge?: number } = {}) => {
    const store = slowStore();
    const logger = new RecordingLogger();
    const filter = new SessionFilter();
    const { client } = await startApp(platform, {
      session: { store, ...options },
      controllers: [controller],
      configure: (app) => app.useGlobalFilters(filter),
      logger,
    });
    const visitor = client();
    await visitor.get('/begin');
    return { store, logger, filter, visitor };
  };

  it.each([
    ['/late', [lost('list[1]')]],
    ['/back', []],
    ['/late-set', [lost('list[1]')]],
  ])('a change is lost, and logged by its path: %s', async (path, lines) => {
    const { store, logger, visitor } = await start();
    expect((await visitor.get(path)).text).toBe('answered');
    expect([store.data, logger.lines]).toEqual([{ list: [1] }, lines]);
  });

  it('its session goes on, though the cookie that came has expired: a new one is about to leave', async () => {
    stopClock();
    const { visitor } = await start({ maxAge: 1000 });
    const { text, setCookie } = await visitor.get('/beyond-its-end');
    expect([text, setCookie.length]).toEqual(['ada', 1]);
  });

  it('what cannot be written is an error of the interceptor, and not logged as well', async () => {
    const { store, logger, filter, visitor } = await start();
    const { status, setCookie } = await visitor.get('/bad');
    expect([status, setCookie, store.data]).toEqual([507, [], { list: [] }]);
    expect([filter.seen.map(([code]) => code), logger.lines]).toEqual([['ERR_SESSION_NOT_SERIALIZABLE'], []]);
  });

  it('what cannot be written by hand is logged once, and the answer leaves without it', async () => {
    const { store, logger, visitor } = await start();
    expect((await visitor.get('/bad-by-hand')).text).toBe('answered');
    expect([store.data, logger.lines.map(({ message }) => message)]).toEqual([
      { list: [] },
      [expect.stringMatching(/^Cannot save the session: "bad" cannot be written as JSON/)],
    ]);
  });
});
