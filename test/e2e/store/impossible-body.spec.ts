import { expect, it } from '@jest/globals';
import { Controller, Get, Res } from '@nestjs/common';
import { once } from 'node:events';
import { Session } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { rawResponse } from '../../support/routes.js';
import { slowStore } from '../../support/stores.js';
import { unhandledDuring } from '../../support/unhandled.js';

const seen: unknown[] = [];

@Controller()
class ImpossibleController {
  @Get('first')
  first(@Session() session: Session, @Res() response: object): void {
    session.set('n', 1);
    rawResponse(response).end({ n: 1 });
  }

  @Get('held')
  held(@Session() session: Session, @Res() response: object): void {
    const raw = rawResponse(response);
    session.set('n', 1);
    raw.write('one');
    try {
      raw.write(null);
    } catch (error) {
      seen.push((error as { code: unknown }).code);
    }
    raw.end(' two');
  }

  @Get('after-end')
  async afterEnd(@Session() session: Session, @Res() response: object): Promise<void> {
    const raw = rawResponse(response);
    session.set('n', 1);
    raw.end('ended');
    const failing = once(raw, 'error');
    raw.write('more', (error) => seen.push((error as { code?: unknown } | null)?.code, raw.writableFinished));
    const [error] = (await failing) as [{ code: unknown }];
    seen.push(error.code);
  }
}

describeOnEachPlatform('A body that Node does not send', (platform) => {
  const get = async (path: string) => {
    seen.length = 0;
    const store = slowStore();
    const { client } = await startApp(platform, { session: { store }, controllers: [ImpossibleController] });
    const visitor = client();
    const reply = await visitor.get(path);
    return { reply, store };
  };

  it('is an error of its handler, and the session is saved with the answer to that', async () => {
    const { reply, store } = await get('/first');
    expect([reply.status, reply.setCookie.length, store.data]).toEqual([500, 1, { n: 1 }]);
  });

  it('is an error at its line while the response is held, and the response goes on', async () => {
    const { reply } = await get('/held');
    expect([reply.status, reply.text, seen]).toEqual([200, 'one two', ['ERR_STREAM_NULL_VALUES']]);
  });

  it('is reported to its callback and by the response where it comes after the end, and not sent', async () => {
    const unhandled = await unhandledDuring(async () => {
      const { reply } = await get('/after-end');
      expect([reply.status, reply.text, reply.setCookie.length]).toEqual([200, 'ended', 1]);
    });
    const code = 'ERR_STREAM_WRITE_AFTER_END';
    expect([unhandled, seen]).toEqual([[], [code, false, code]]);
  });
});
