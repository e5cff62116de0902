import { expect, it } from '@jest/globals';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { Session } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { type AnyResponse, rawRequest } from '../../support/routes.js';
import { DELETION } from '../../support/tokens.js';

/** The applications of asgi-sessions' tests.py, in Nest's words. */
@Controller()
class HelloController {
  @Get()
  hello(@Session() session: Session): string {
    return `Hello ${session.get('user') ?? 'guest'}`;
  }

  @Get('login/:user')
  login(@Session() session: Session, @Param('user') user: string): string {
    session.set('user', user);
    return 'Done';
  }

  @Get('logout')
  logout(@Session() session: Session): string {
    session.pop('user');
    return 'Done';
  }

  @Get('delete')
  delete(@Session() session: Session): string {
    session.delete('user');
    return 'Done';
  }

  @Get('base')
  base(@Session() session: Session, @Req() request: object, @Res({ passthrough: true }) response: AnyResponse): string {
    const [, query] = String(rawRequest(request).url).split('?');
    if (query !== undefined) {
      session.set('user', query);
      response.status(307).header('Location', '/base');
    }
    const user = String(session.get('user') ?? 'anonymous');
    return `Hello ${user.charAt(0).toUpperCase()}${user.slice(1)}`;
  }
}

describeOnEachPlatform('asgi-sessions', (platform) => {
  const start = async () => (await startApp(platform, { controllers: [HelloController] })).client();

  it('test_base: knows the user of the query from then on, redirect or not', async () => {
    const client = await start();
    const hello = async (query = '') => {
      const { status, text } = await client.get(`/base${query}`);
      return [status, text];
    };
    expect(await hello()).toEqual([200, 'Hello Anonymous']);
    expect(await hello('?tom')).toEqual([307, 'Hello Tom']);
    expect(await hello('?mike')).toEqual([307, 'Hello Mike']);
    expect(await hello()).toEqual([200, 'Hello Mike']);
  });

  it.each([
    ['test_asgi_tools_external', 'john', 'logout'],
    ['test_asgi_tools_internal', 'tom', 'delete'],
  ])('%s: greets, logs in, greets by name, logs out, greets a guest', async (_name, user, logout) => {
    const client = await start();
    expect((await client.get('/')).text).toBe('Hello guest');
    expect(await client.cookie()).toBeUndefined();
    expect((await client.get(`/login/${user}`)).text).toBe('Done');
    expect(await client.cookie()).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect((await client.get('/')).text).toBe(`Hello ${user}`);
    const reply = await client.get(`/${logout}`);
    expect([reply.text, reply.setCookie]).toEqual(['Done', [DELETION]]);
    expect((await client.get('/')).text).toBe('Hello guest');
    expect(await client.cookie()).toBeUndefined();
  });

  it('keeps a write that repeats another, which asgi-sessions loses', async () => {
    const client = await start();
    await client.get('/login/tom');
    await client.get('/login/tom');
    expect((await client.get('/')).text).toBe('Hello tom');
  });

  it('logs out a visitor who was not logged in', async () => {
    const reply = await (await start()).get('/logout');
    expect([reply.status, reply.text, reply.setCookie]).toEqual([200, 'Done', []]);
  });
});
