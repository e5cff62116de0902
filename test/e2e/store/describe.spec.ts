import { describe, expect, it } from '@jest/globals';
import type { SessionStoreOptions } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { setClock, stopClock } from '../../support/clock.js';
import { RecordingLogger } from '../../support/log.js';
import { rawResponse, routes } from '../../support/routes.js';
import { TestStore } from '../../support/stores.js';

const controller = routes({
  begin: (session) => session.set('n', 1),
  write: (session) => session.set('n', (session.get('n') ?? 0) + 1),
  'by-hand': (session, response) => {
    session.set('n', (session.get('n') ?? 0) + 1);
    rawResponse(response).end('by hand');
  },
  touch: (session) => session.touch(),
  regenerate: (session) => session.regenerate({ keep: ['n'] }),
  destroy: (session) => session.destroy(),
  read: (session) => JSON.stringify(session.data),
});

type Describe = NonNullable<SessionStoreOptions['describe']>;
const byAgent: Describe = ({ headers }) => headers['user-agent'];

describeOnEachPlatform('What a list of devices shows', (platform) => {
  const start = async (options: Partial<SessionStoreOptions> = {}) => {
    stopClock();
    const store = new TestStore();
    const logger = new RecordingLogger();
    const session = { store: { store, describe: byAgent, ...options } };
    const { client } = await startApp(platform, { session, controllers: [controller], logger });
    const visitor = client();
    const visit = async (path: string, agent: string) => visitor.get(path, { headers: { 'user-agent': agent } });
    const devices = () => [...store.records.values()].map(({ device }) => device);
    return { store, logger, visitor, visit, devices };
  };

  it('is what the application says of the request, from the creation on', async () => {
    const { visit, devices } = await start();
    await visit('/begin', 'Firefox, Linux');
    expect(devices()).toEqual(['Firefox, Linux']);
  });

  it('is as the last save of the record says, and a touch leaves it', async () => {
    const { visit, devices } = await start();
    await visit('/begin', 'one');
    await visit('/touch', 'two');
    expect(devices()).toEqual(['one']);
    await visit('/write', 'three');
    expect(devices()).toEqual(['three']);
    await visit('/regenerate', 'four');
    expect(devices()).toEqual(['four']);
  });

  it('is there with the data in the cookie too', async () => {
    const { visit, devices } = await start({ data: 'cookie' });
    await visit('/begin', 'one');
    setClock(1_000_000);
    await visit('/write', 'two');
    expect(devices()).toEqual(['one']);
  });

  it('is nothing where the application says nothing', async () => {
    for (const nothing of [undefined, () => undefined, () => '', () => ' \0 ']) {
      const { visit, devices } = await start({ describe: nothing });
      await visit('/begin', 'one');
      expect(devices()).toEqual([undefined]);
    }
  });

  it('is cut and has no control characters, because a client decides what its headers are', async () => {
    const { visit, devices } = await start({ describe: ({ headers }) => `\0a\n\u{1b}[2Jb${headers['user-agent']}` });
    expect((await visit('/begin', 'x'.repeat(5000))).status).toBe(200);
    expect(devices()).toEqual([`a [2Jb${'x'.repeat(192)}`]);
  });

  it('is in no log', async () => {
    const { store, logger, visit } = await start();
    await visit('/begin', 'phone of ada');
    store.before = () => Promise.reject(new Error('down'));
    await visit('/write', 'phone of ada');
    expect(logger.lines.length).toBeGreaterThan(0);
    expect(JSON.stringify(logger.lines)).not.toContain('phone');
  });

  describe.each<[string, Describe]>([
    [
      'throws',
      () => {
        throw new TypeError('ada');
      },
    ],
    ['returns a number', () => 1 as unknown as string],
    ['is rejected', () => Promise.reject(new Error('ada')) as unknown as string],
  ])('is an error at the save where the function %s,', (_, broken) => {
    it('and no new session is begun', async () => {
      const { store, visit } = await start({ describe: broken });
      const { status, setCookie } = await visit('/begin', 'one');
      expect([status, setCookie, store.records.size, store.take()]).toEqual([500, [], 0, []]);
    });

    it('and nothing else is lost: neither the session nor a log-out', async () => {
      let isBroken = false;
      const { store, visitor, visit } = await start({ describe: (request) => (isBroken ? broken(request) : 'one') });
      await visit('/begin', '');
      isBroken = true;
      expect([(await visit('/write', '')).status, (await visit('/by-hand', '')).status]).toEqual([500, 500]);
      expect([(await visitor.get('/read')).text, (await visit('/touch', '')).status]).toEqual(['{"n":1}', 200]);
      expect([(await visit('/destroy', '')).status, store.records.size]).toEqual([200, 0]);
    });
  });
});
