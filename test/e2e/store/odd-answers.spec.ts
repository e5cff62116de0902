import { expect, it } from '@jest/globals';
import { now } from '../../support/tokens.js';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { RecordingLogger } from '../../support/log.js';
import { routes } from '../../support/routes.js';
import { TestStore } from '../../support/stores.js';

const controller = routes({
  begin: (session) => session.set('n', 1),
  read: (session) => JSON.stringify(session.data),
  change: (session) => session.set('n', 2),
  unused: () => 'unused',
});

/** What a store of the application's own may answer, where another type than ours was promised. */
const ODD: readonly (readonly [string, unknown])[] = [
  ['a text', 'text'],
  ['a list', []],
  ['an object without anything', {}],
  ['data that was parsed', { text: { n: 1 }, version: 1, createdAt: now(), seenAt: now(), expiresAt: now() + 60 }],
  ['a version as text', { text: '{"n":1}', version: '1', createdAt: now(), seenAt: now(), expiresAt: now() + 60 }],
];

describeOnEachPlatform('A store that does not answer as it should', (platform) => {
  const start = async (answer: unknown) => {
    const store = new TestStore();
    const logger = new RecordingLogger();
    const { client } = await startApp(platform, {
      session: { store: { store, timeout: 5 } },
      controllers: [controller],
      logger,
    });
    const visitor = client();
    await visitor.get('/begin');
    Object.assign(store, { load: () => Promise.resolve(answer) });
    return { visitor, logger };
  };

  it.each(ODD)('is one that cannot be asked, and the log says why: %s', async (_title, answer) => {
    const { visitor, logger } = await start(answer);
    const statuses = [];
    for (const path of ['/unused', '/read', '/change']) statuses.push((await visitor.get(path)).status);
    expect(statuses).toEqual([200, 503, 503]);
    expect(logger.lines).toEqual([
      { level: 'error', message: 'Cannot load sessions: the store answers with something that is no session.' },
    ]);
  });

  it('knows no session where it answers null, as drivers of databases do', async () => {
    const { visitor, logger } = await start(null);
    expect((await visitor.get('/read')).text).toBe('{}');
    expect((await visitor.get('/change')).status).toBe(200);
    expect(logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
