import { describe, expect, it, jest } from '@jest/globals';
import { SessionInterceptor } from 'nestjs-sessions';
import type { TestApp } from '../../support/app.js';
import { DELETION, ID, sentClaims, signIn, idOf } from '../../support/tokens.js';
import { ask, GRAPHQL_SERVERS, startGraphql } from './support/graphql-app.js';
import { Witness } from './support/graphql-resolvers.js';

/** How many different session objects anybody has seen, and how often one was seen. */
function seen({ app }: TestApp): { objects: number; times: number } {
  const { sessions } = app.get(Witness);
  return { objects: new Set(sessions).size, times: sessions.length };
}

describe.each(GRAPHQL_SERVERS)('%s', (...server) => {
  it('sends no cookie and no Vary for a query that does not touch the session', async () => {
    const client = (await startGraphql(server)).client();
    await signIn(client, { user: 'tom' });
    const { data, setCookie, headers } = await ask(client, '{ ping }');
    expect(data).toEqual({ ping: 'pong' });
    expect(setCookie).toEqual([]);
    expect(headers.vary ?? '').not.toMatch(/cookie/i);
  });

  it('hands one value of the session to a resolver, and sends no cookie where it is only read', async () => {
    const client = (await startGraphql(server)).client();
    expect((await ask(client, '{ user }')).data).toEqual({ user: null });
    await signIn(client, { user: 'tom' });
    const { data, setCookie, headers } = await ask(client, '{ user }');
    expect(data).toEqual({ user: 'tom' });
    expect(setCookie).toEqual([]);
    expect(headers.vary).toMatch(/\bCookie\b/);
  });

  it('gives all fields of a query, which run in parallel, one session and sends one cookie', async () => {
    const started = await startGraphql(server);
    const client = started.client();
    await signIn(client, { visits: 4 });
    const reply = await ask(client, '{ a: visit b: visit c: visit }');
    expect(reply.data).toEqual({ a: 5, b: 6, c: 7 });
    expect(seen(started)).toEqual({ objects: 1, times: 3 });
    expect(reply.setCookie).toHaveLength(1);
    expect(sentClaims(reply).data).toEqual({ visits: 7 });
  });

  it('sends one cookie with the changes of every field of a mutation, though the interceptor runs for each', async () => {
    const started = await startGraphql(server);
    const intercept = jest.spyOn(started.app.get(SessionInterceptor), 'intercept');
    const reply = await ask(started.client(), 'mutation { a: tag(tag: "a") b: tag(tag: "b") c: tag(tag: "c") }');
    expect(intercept).toHaveBeenCalledTimes(3);
    expect(reply.setCookie).toHaveLength(1);
    expect(sentClaims(reply).data).toEqual({ tags: ['a', 'b', 'c'] });
  });

  it('logs in by a mutation: a new id, the data to keep, and one cookie that the next query is known by', async () => {
    const client = (await startGraphql(server)).client();
    await signIn(client, { cart: ['tea'], visits: 1 });
    const reply = await ask(client, 'mutation { logIn(name: "tom") }');
    const { jti, data } = sentClaims(reply);
    expect(reply.setCookie).toHaveLength(1);
    expect(reply.data).toEqual({ logIn: jti });
    expect(jti).not.toBe(ID);
    expect(data).toEqual({ cart: ['tea'], user: 'tom' });
    expect((await ask(client, '{ user }')).data).toEqual({ user: 'tom' });
  });

  it('logs out by a mutation', async () => {
    const client = (await startGraphql(server)).client();
    await signIn(client, { user: 'tom' });
    expect((await ask(client, 'mutation { logOut }')).setCookie).toEqual([DELETION]);
    expect((await ask(client, '{ user }')).data).toEqual({ user: null });
  });

  it('opens the same session for guards, by context and by GqlExecutionContext, and for the resolver', async () => {
    const started = await startGraphql(server);
    const client = started.client();
    await signIn(client, { user: 'tom' });
    expect((await ask(client, '{ secret }')).data).toEqual({ secret: 'for tom' });
    expect(seen(started)).toEqual({ objects: 1, times: 5 });
  });

  it('lets a guard deny a visitor who is not logged in', async () => {
    const client = (await startGraphql(server)).client();
    const { data, errors, setCookie } = await ask(client, '{ secret }');
    expect(data).toBeNull();
    expect(errors).toEqual(['Forbidden resource']);
    expect(setCookie).toEqual([]);
  });

  it('injects the same session into request-scoped resolvers and services', async () => {
    const started = await startGraphql(server);
    const client = started.client();
    await signIn(client, { user: 'tom' });
    const { data } = await ask(client, '{ profileName }');
    expect(data).toEqual({ profileName: 'tom' });
    expect(seen(started)).toEqual({ objects: 1, times: 3 });
  });

  it('shows no client the session of another', async () => {
    const started = await startGraphql(server);
    const names = ['tom', 'ann', 'joe', 'eve'];
    const replies = await Promise.all(
      names.map(async (name) => {
        const client = started.client();
        await signIn(client, { user: name }, { claims: { jti: idOf(name) } });
        return ask(client, '{ user profileName }');
      }),
    );
    expect(replies.map(({ data }) => data)).toEqual(names.map((name) => ({ user: name, profileName: name })));
  });
});
