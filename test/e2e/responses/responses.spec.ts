import { expect, it } from '@jest/globals';
import { Controller, Get, Head, Header, HttpCode, Redirect, Render, Sse, StreamableFile } from '@nestjs/common';
import { from, type Observable } from 'rxjs';
import { setTimeout as delay } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { Session } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { sentClaims, signIn } from '../../support/tokens.js';
import { addViews } from '../../support/views.js';

/** Every handler counts and then answers in a way of its own. */
@Controller()
class AnsweringController {
  @Get('value')
  value(@Session() session: Session): string {
    return `n=${++session.data.n}`;
  }

  @Get('json')
  async json(@Session() session: Session): Promise<object> {
    await delay(1);
    return { n: ++session.data.n };
  }

  @Get('redirect')
  @Redirect('/value', 301)
  redirect(@Session() session: Session): void {
    session.data.n++;
  }

  @Get('file')
  file(@Session() session: Session): StreamableFile {
    return new StreamableFile(Readable.from([`n=${++session.data.n}`]), { type: 'text/plain' });
  }

  @Sse('sse')
  sse(@Session() session: Session): Observable<{ data: string }> {
    return from([{ data: `n=${++session.data.n}` }]);
  }

  @Get('view')
  @Render('page')
  view(@Session() session: Session): object {
    return { n: ++session.data.n };
  }

  @Get('no-content')
  @HttpCode(204)
  noContent(@Session() session: Session): void {
    session.data.n++;
  }

  @Head('head')
  head(@Session() session: Session): void {
    session.data.n++;
  }

  @Get('not-modified')
  @HttpCode(304)
  notModified(@Session() session: Session): void {
    session.data.n++;
  }

  @Get('etag')
  @Header('ETag', '"1"')
  etag(@Session() session: Session): string {
    session.data.n++;
    return 'the same page';
  }

  @Get('web-response')
  webResponse(@Session() session: Session): Response {
    const headers = new Headers({ 'Content-Type': 'text/plain' });
    headers.append('Set-Cookie', 'a=1');
    headers.append('Set-Cookie', 'b=2');
    return new Response(`n=${++session.data.n}`, { status: 201, headers });
  }

  @Get('async-iterable')
  async *asyncIterable(@Session() session: Session): AsyncGenerator<string> {
    yield `n=${++session.data.n}`;
    await delay(1);
    yield ' end';
  }
}

describeOnEachPlatform('A cookie', (platform) => {
  const signedIn = async () => {
    const app = await startApp(platform, { controllers: [AnsweringController], configure: addViews(platform) });
    const visitor = app.client();
    await signIn(visitor, { n: 1 });
    return visitor;
  };

  it.each([
    ['a returned value', 'value', 200, 'n=2'],
    ['returned JSON', 'json', 200, '{"n":2}'],
    ['@Redirect()', 'redirect', 301, undefined],
    ['a StreamableFile', 'file', 200, 'n=2'],
    ['@Sse()', 'sse', 200, '\nid: 1\ndata: n=2\n\n'],
    ['@Render()', 'view', 200, 'page: n=2'],
    ['204 No Content', 'no-content', 204, ''],
    ['304 Not Modified', 'not-modified', 304, ''],
    ['an async iterable', 'async-iterable', 200, 'n=2 end'],
  ])('leaves with %s', async (_case, path, status, text) => {
    const reply = await (await signedIn()).get(`/${path}`);
    expect(reply.status).toBe(status);
    if (text !== undefined) expect(reply.text).toBe(text);
    else expect(reply.headers.location).toBe('/value');
    expect(reply.setCookie).toHaveLength(1);
    expect(sentClaims(reply).data).toEqual({ n: 2 });
    expect(reply.headers.vary).toMatch(/^(?:Accept, )?Cookie$/);
  });

  it.each(['value', 'head', 'file', 'etag'])('leaves with the answer to HEAD /%s', async (path) => {
    const reply = await (await signedIn()).send(`/${path}`, { method: 'HEAD' });
    expect([reply.status, reply.text, sentClaims(reply).data]).toEqual([200, '', { n: 2 }]);
  });

  it('leaves with a web Response, beside the cookies in that', async () => {
    const reply = await (await signedIn()).get('/web-response');
    expect([reply.status, reply.text]).toEqual([201, 'n=2']);
    expect(reply.headers['content-type']).toMatch(/^text\/plain/);
    expect(reply.setCookie).toHaveLength(3);
    expect(reply.setCookie.slice(0, 2)).toEqual(['a=1', 'b=2']);
    expect(sentClaims(reply).data).toEqual({ n: 2 });
  });

  if (platform === 'express') {
    it('leaves with 304 when the entity tag matches', async () => {
      const reply = await (await signedIn()).get('/etag', { headers: { 'if-none-match': '"1"' } });
      expect([reply.status, reply.text, sentClaims(reply).data]).toEqual([304, '', { n: 2 }]);
    });
  }
});
