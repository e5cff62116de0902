import { afterEach, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { Session } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { Client, type Reply } from '../../support/client.js';
import { RecordingLogger } from '../../support/log.js';
import { rawResponse } from '../../support/routes.js';
import { sentClaims, signIn } from '../../support/tokens.js';
import { answerWith, FORMS, FRESH_FORMS, headersOf } from './support/write-head-forms.js';

@Controller(':form/:before')
class FormsController {
  @Get('read')
  read(@Session() session: Session, @Res() response: object, @Param() { form, before }: Params): void {
    session.get('n');
    answerWith(rawResponse(response), form, before === 'after');
  }

  @Get('write')
  write(@Session() session: Session, @Res() response: object, @Param() { form, before }: Params): void {
    session.data.n++;
    answerWith(rawResponse(response), form, before === 'after');
  }
}

interface Params {
  readonly form: string;
  /** Whether headers were set one by one before: `after` or `fresh`. */
  readonly before: string;
}

let plain: Server | undefined;

afterEach(() => {
  plain?.close();
  plain = undefined;
});

/** What Node answers without us. */
async function answerOfNode(form: string, isAfter: boolean): Promise<Reply> {
  plain = createServer((_request, response: ServerResponse) => answerWith(response, form, isAfter));
  plain.listen(0, '127.0.0.1');
  await once(plain, 'listening');
  const reply = await new Client(`http://127.0.0.1:${(plain.address() as AddressInfo).port}`).get('/');
  plain.close();
  return reply;
}

describeOnEachPlatform('writeHead()', (platform) => {
  const start = (logger = new RecordingLogger()) =>
    startApp(platform, {
      controllers: [FormsController],
      logger,
      configure: (app) => {
        // It would be a header that was set before.
        if (platform === 'express') (app as NestExpressApplication).disable('x-powered-by');
      },
    });

  describe.each([
    ['fresh', 'no header was set before', [...FORMS, ...FRESH_FORMS]],
    ['after', 'headers were set before', FORMS.filter(([form]) => form !== 'bad-reason')],
    [
      'after',
      'Node has set those of the call when it refuses the reason',
      FORMS.filter(([form]) => form === 'bad-reason'),
    ],
  ])('when %s: %s', (before, _, forms) => {
    it.each(forms.map(([form]) => form))('%s answers as Node itself, with the session cookie beside', async (form) => {
      const expected = await answerOfNode(form, before === 'after');
      const client = (await start()).client();
      await signIn(client, { n: 1 });

      const read = await client.get(`/${form}/${before}/read`);
      expect([read.status, read.text, headersOf(read)]).toEqual([
        expected.status,
        expected.text,
        headersOf(expected, { Vary: 'Cookie' }),
      ]);

      const written = await client.get(`/${form}/${before}/write`);
      const { 'cache-control': cacheControl = 'private, no-store' } = expected.headers;
      expect([written.status, written.text]).toEqual([expected.status, expected.text]);
      expect(written.setCookie.filter((line) => !line.startsWith('session='))).toEqual(expected.setCookie);
      expect(sentClaims(written).data).toEqual({ n: 2 });
      expect(headersOf(written)).toEqual(headersOf(expected, { Vary: 'Cookie', 'Cache-Control': cacheControl }));
    });
  });

  it.each([
    ['undefined-headers', 'public, max-age=600'],
    ['null-headers', 'public, max-age=600'],
    ['reason-headers', 'public, max-age=600'],
  ])('%s is seen to be public beside our cookie: it is logged', async (form, cacheControl) => {
    const logger = new RecordingLogger();
    const reply = await (await start(logger)).client().get(`/${form}/fresh/write`);
    expect(reply.headers['cache-control']).toBe(cacheControl);
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn']);
  });
});
