import { describe, expect, it, jest } from '@jest/globals';
import { PLATFORMS } from '../../support/app.js';
import { form } from '../../support/form.js';
import { startProgram } from '../../support/sample-process.js';
import { forge, sentCookie } from '../../support/tokens.js';

// A process of its own takes its time to start on a busy machine.
jest.setTimeout(60_000);

const PROGRAM = 'test/e2e/with/support/around-app.ts';
const cookieOf = (user: string) => ({
  headers: { cookie: `session=${forge({ user }, { claims: { jti: user.padEnd(22, 'x') } })}` },
});

describe.each(PLATFORMS)('With @nestjs/throttler (%s)', (platform) => {
  it('each session has its own limit, and visitors without one share that of their address', async () => {
    const client = (await startProgram(PROGRAM, 'throttled', platform)).client();
    const ask = async (init: object) => (await client.get('/user', init)).status;
    for (const who of [cookieOf('ada'), cookieOf('tom'), {}]) {
      expect([await ask(who), await ask(who), await ask(who)]).toEqual([200, 200, 429]);
    }
  });
});

describe.each(PLATFORMS)('With logInLimits of docs/around.md (%s)', (platform) => {
  it('attempts to log in are limited for one account, however it is spelled, and for one address', async () => {
    const app = await startProgram(PROGRAM, 'throttledLogIn', platform);
    // A new client each time: what an attacker does with the cookie.
    const attempt = async (name: string) => (await app.client().post('/login', form({ name }))).status;
    const statuses = [];
    for (const name of ['ada', 'Ada', ' ada ', 'ADA', 'ada', 'ada', 'AdA']) statuses.push(await attempt(name));
    expect(statuses).toEqual([201, 201, 201, 201, 201, 429, 429]);
    const others = await Promise.all(Array.from({ length: 44 }, (_, index) => attempt(`user${index}`)));
    expect([
      others.filter((status) => status === 201).length,
      others.filter((status) => status === 429).length,
    ]).toEqual([43, 1]);
  });
});

describe.each(PLATFORMS)('With nestjs-cls (%s)', (platform) => {
  it('a service far from the request has its session, which is not read before', async () => {
    const client = (await startProgram(PROGRAM, 'withStorage', platform)).client();
    const users = ['ada', 'tom', 'eve'];
    const replies = await Promise.all(users.map((user) => client.get('/user', { headers: cookieOf(user).headers })));
    expect(replies.map(({ text }) => text)).toEqual(users.map((user) => `Hello ${user}`));
    expect((await client.get('/user')).text).toBe('Hello undefined');
    expect((await client.get('/untouched')).headers.vary).toBeUndefined();
  });
});

describe.each(PLATFORMS)('With nestjs-pino (%s)', (platform) => {
  const logOf = async (recipe: string) => {
    const client = (await startProgram(PROGRAM, recipe, platform)).client();
    const token = sentCookie(await client.get('/login')).value;
    await client.get('/user');
    const lines = JSON.parse((await client.get('/log')).text) as string[];
    const requests = lines.filter((line) => line.includes('request completed'));
    return { requests, withToken: requests.map((line) => line.includes(token)) };
  };

  // On Fastify it does not see the headers of the response, which Fastify hands to writeHead().
  const seesResponses = platform === 'express';

  it('the log has the cookies of all requests', async () => {
    expect((await logOf('unredacted')).withToken).toEqual([seesResponses, true]);
  });

  it('loggerModule() of docs/around.md redacts them', async () => {
    const { requests, withToken } = await logOf('redacted');
    expect(withToken).toEqual([false, false]);
    if (seesResponses) expect(requests[0]).toContain('"set-cookie":"[Redacted]"');
    expect(requests[1]).toContain('"cookie":"[Redacted]"');
  });
});

describe('With @fastify/static (fastify)', () => {
  it('a file is private beside a Set-Cookie where it is sent without its Cache-Control', async () => {
    const app = await startProgram(PROGRAM, 'files', 'fastify');
    const open = await app.client().get('/public');
    expect([open.setCookie.length, open.headers['cache-control']]).toEqual([1, 'public, max-age=0']);
    const reply = await app.client().get('/private');
    expect([reply.setCookie.length, reply.headers['cache-control']]).toEqual([1, 'private, no-store']);
  });
});
