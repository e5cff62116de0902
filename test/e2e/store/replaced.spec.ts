import { expect, it } from '@jest/globals';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { request as requestOf } from 'node:http';
import { Session, type SessionEvent, SessionModule } from 'nestjs-sessions';
import { describeOnEachPlatform, OTHER_SECRET, startApp } from '../../support/app.js';
import { rawResponse } from '../../support/routes.js';
import { slowStore, TestStore } from '../../support/stores.js';
import { DELETION } from '../../support/tokens.js';
import { ANSWERS_BY_HAND } from './support/answers-by-hand.js';

/** With headers of the application, none of which may be left. */
const ANSWERS: typeof ANSWERS_BY_HAND = {
  ...ANSWERS_BY_HAND,
  writeHead: (raw) => raw.writeHead(200, { 'Set-Cookie': 'mine=1', 'Cache-Control': 'public' }).end('sent'),
};
const NAMES = Object.keys(ANSWERS);

@Controller()
class TwoSessionsController {
  @Get('begin/:answer')
  begin(
    @Session() session: Session,
    @Session({ name: 'other' }) other: Session,
    @Res() response: object,
    @Param('answer') answer: string,
  ): void {
    session.set('n', (session.get('n') ?? 0) + 1);
    other.set('n', 1);
    this.#answer(response, answer);
  }

  @Get('destroy/:answer')
  destroy(
    @Session() session: Session,
    @Session({ name: 'other' }) other: Session,
    @Res() response: object,
    @Param('answer') answer: string,
  ): void {
    session.destroy();
    other.set('n', 2);
    this.#answer(response, answer);
  }

  @Get('read')
  read(@Session() session: Session, @Session({ name: 'other' }) other: Session): string {
    return JSON.stringify([session.data, other.data]);
  }

  #answer(response: object, name: string): void {
    const raw = rawResponse(response);
    raw.setHeader('Set-Cookie', 'mine=1');
    raw.setHeader('Cache-Control', 'public, max-age=60');
    raw.statusMessage = 'Made';
    ANSWERS[name]?.(raw);
  }
}

function fail(store: TestStore): void {
  store.before = (command) => (command === 'load' ? undefined : Promise.reject(new Error('down')));
}

describeOnEachPlatform('Of two sessions, one of which cannot be saved,', (platform) => {
  /** @param first the store of the session that is saved; `undefined`: its cookie has the data */
  const start = async (first: TestStore | undefined, second: TestStore, told: string[] = []) => {
    const tell = (what: string) => (event: SessionEvent) => void told.push(`${event.name} ${what}`);
    const events = { onCreate: tell('is there'), onSaveFailed: tell('is not saved') };
    const { client } = await startApp(platform, {
      session: { store: first, ...events },
      imports: [
        SessionModule.forRoot({
          secretKey: OTHER_SECRET,
          name: 'other',
          cookieName: 'other',
          store: { store: second, timeout: 2 },
          ...events,
        }),
      ],
      controllers: [TwoSessionsController],
    });
    return { visitor: client() };
  };

  it.each(NAMES)('the other one keeps its cookie, and nothing else of the answer is sent: %s', async (answer) => {
    const [first, second] = [slowStore(), new TestStore()];
    const { visitor } = await start(first, second);
    fail(second);
    const { status, text, setCookie, headers } = await visitor.get(`/begin/${answer}`);
    expect([status, JSON.parse(text)]).toEqual([503, { message: 'Service Unavailable', statusCode: 503 }]);
    expect(setCookie).toEqual([expect.stringMatching(/^session=/)]);
    expect([headers['cache-control'], headers.vary]).toEqual(['no-store', 'Cookie']);
    expect([first.data, second.records.size]).toEqual([{ n: 1 }, 0]);
    expect((await visitor.get('/read')).text).toBe('[{"n":1},{}]');
  });

  it.each(NAMES)('the events tell what has become of each: %s', async (answer) => {
    const [second, told] = [new TestStore(), new Array<string>()];
    const { visitor } = await start(slowStore(), second, told);
    fail(second);
    await visitor.get(`/begin/${answer}`);
    expect(told.toSorted()).toEqual(['default is there', 'other is not saved']);
  });

  it.each(NAMES)('one in a cookie keeps it, too: %s', async (answer) => {
    const second = new TestStore();
    const { visitor } = await start(undefined, second);
    fail(second);
    const { status, setCookie } = await visitor.get(`/begin/${answer}`);
    expect([status, setCookie]).toEqual([503, [expect.stringMatching(/^session=/)]]);
    expect((await visitor.get('/read')).text).toBe('[{"n":1},{}]');
  });

  it.each(NAMES)('one that has ended takes its cookie along: %s', async (answer) => {
    const [first, second] = [slowStore(), new TestStore()];
    const { visitor } = await start(first, second);
    await visitor.get('/begin/end');
    fail(second);
    const { status, setCookie } = await visitor.get(`/destroy/${answer}`);
    expect([status, setCookie, first.records.size]).toEqual([503, [DELETION], 0]);
    expect((await visitor.get('/read')).text).toBe('[{},{"n":1}]');
  });
});

describeOnEachPlatform('An answer in the place of another', (platform) => {
  it('has its own reason phrase', async () => {
    const store = new TestStore();
    store.before = () => Promise.reject(new Error('down'));
    const { url } = await startApp(platform, {
      session: { store },
      imports: [SessionModule.forRoot({ secretKey: OTHER_SECRET, name: 'other', cookieName: 'other' })],
      controllers: [TwoSessionsController],
    });
    const message = await new Promise((resolve, reject) => {
      requestOf(`${url}/begin/end`, { agent: false }, (response) => {
        response.resume();
        resolve([response.statusCode, response.statusMessage]);
      })
        .on('error', reject)
        .end();
    });
    expect(message).toEqual([503, 'Service Unavailable']);
  });
});
