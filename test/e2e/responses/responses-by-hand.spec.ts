import { expect, it } from '@jest/globals';
import { Controller, Get, Res } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { Session } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { type AnyResponse, rawResponse } from '../../support/routes.js';
import { sentClaims, signIn } from '../../support/tokens.js';

/** Every handler counts and then answers by itself. */
@Controller()
class AnsweringController {
  @Get('res-send')
  resSend(@Session() session: Session, @Res() response: AnyResponse): void {
    response.send(`n=${++session.data.n}`);
  }

  @Get('res-json')
  resJson(@Session() session: Session, @Res() response: AnyResponse): void {
    response.send({ n: ++session.data.n });
  }

  @Get('res-late')
  async resLate(@Session() session: Session, @Res() response: AnyResponse): Promise<void> {
    await delay(1);
    response.send(`n=${++session.data.n}`);
  }

  @Get('passthrough')
  passthrough(@Session() session: Session, @Res({ passthrough: true }) response: AnyResponse): string {
    response.status(202);
    return `n=${++session.data.n}`;
  }

  @Get('raw-end')
  rawEnd(@Session() session: Session, @Res() response: object): void {
    rawResponse(response).end(`n=${++session.data.n}`);
  }

  @Get('raw-write-head')
  rawWriteHead(@Session() session: Session, @Res() response: object): void {
    const raw = rawResponse(response);
    raw.writeHead(203, { 'X-Own': 'yes', 'Set-Cookie': 'theirs=1' });
    raw.end(`${session.isNew}`);
  }

  @Get('raw-write-head-changed')
  rawWriteHeadChanged(@Session() session: Session, @Res() response: object): void {
    const raw = rawResponse(response);
    const n = ++session.data.n;
    raw.writeHead(203, 'Non-Authoritative', { 'X-Own': 'yes', 'Set-Cookie': ['theirs=1', 'theirs=2'] });
    raw.end(`n=${n}`);
  }

  @Get('raw-write-head-list')
  rawWriteHeadList(@Session() session: Session, @Res() response: object): void {
    const raw = rawResponse(response);
    const n = ++session.data.n;
    raw.writeHead(203, ['X-Own', 'yes', 'Set-Cookie', 'theirs=1', 'Set-Cookie', 'theirs=2']);
    raw.end(`n=${n}`);
  }

  @Get('raw-write')
  rawWrite(@Session() session: Session, @Res() response: object): void {
    const raw = rawResponse(response);
    session.data.n++;
    raw.write('n=');
    raw.end(`${session.get('n')}`);
  }

  @Get('res-redirect')
  resRedirect(@Session() session: Session, @Res() response: AnyResponse): void {
    session.data.n++;
    // Nest has set 200 by now, which Fastify would keep.
    response.status(302).redirect('/value');
  }
}

describeOnEachPlatform('A cookie', (platform) => {
  const signedIn = async () => {
    const visitor = (await startApp(platform, { controllers: [AnsweringController] })).client();
    await signIn(visitor, { n: 1 });
    return visitor;
  };

  it.each([
    ['@Res() and text', 'res-send', 200, 'n=2'],
    ['@Res() and JSON', 'res-json', 200, '{"n":2}'],
    ['@Res() after the handler waited', 'res-late', 200, 'n=2'],
    ['@Res({ passthrough: true })', 'passthrough', 202, 'n=2'],
    ['end() on the raw response', 'raw-end', 200, 'n=2'],
    ['write() on the raw response', 'raw-write', 200, 'n=2'],
    ['redirect() on the response', 'res-redirect', 302, undefined],
  ])('leaves with %s', async (_case, path, status, text) => {
    const reply = await (await signedIn()).get(`/${path}`);
    expect(reply.status).toBe(status);
    if (text !== undefined) expect(reply.text).toBe(text);
    else expect(reply.headers.location).toBe('/value');
    expect(reply.setCookie).toHaveLength(1);
    expect(sentClaims(reply).data).toEqual({ n: 2 });
    expect(reply.headers.vary).toMatch(/^(?:Accept, )?Cookie$/);
  });

  it('is not sent by writeHead() when the session was only read', async () => {
    const reply = await (await signedIn()).get('/raw-write-head');
    expect([reply.status, reply.text, reply.headers['x-own']]).toEqual([203, 'false', 'yes']);
    expect(reply.setCookie).toEqual(['theirs=1']);
  });

  it.each(['changed', 'list'])('leaves beside the headers that are given to writeHead() (%s)', async (path) => {
    const reply = await (await signedIn()).get(`/raw-write-head-${path}`);
    expect([reply.status, reply.text, reply.headers['x-own']]).toEqual([203, 'n=2', 'yes']);
    expect(reply.setCookie).toHaveLength(3);
    expect(reply.setCookie.slice(0, 2)).toEqual(['theirs=1', 'theirs=2']);
    expect(sentClaims(reply).data).toEqual({ n: 2 });
  });
});
