import { describe, expect, it } from '@jest/globals';
import { APP_GUARD } from '@nestjs/core';
import { Resolver, Subscription } from '@nestjs/graphql';
import { CsrfGuard, Session } from 'nestjs-sessions';
import { exportOf } from '../../support/documents.js';
import { signIn } from '../../support/tokens.js';
import { GRAPHQL_SERVERS, startGraphql } from './support/graphql-app.js';
import type { Visitor } from './support/graphql-resolvers.js';
import { subscribe } from './support/graphql-socket.js';

@Resolver()
class TickResolver {
  @Subscription(() => String)
  async *ticks(): AsyncGenerator<{ ticks: string }> {
    yield { ticks: 'tick' };
  }

  @Subscription(() => String)
  async *names(@Session() session: Session<Visitor>): AsyncGenerator<{ names: string }> {
    yield { names: session.get('user') ?? 'nobody' };
  }

  @Subscription(() => String)
  async *visits(@Session() session: Session<Visitor>): AsyncGenerator<{ visits: string }> {
    session.set('visits', 1);
    yield { visits: 'counted' };
  }
}

const APOLLO = GRAPHQL_SERVERS.filter(([, , driver]) => driver === 'apollo');
const READ_ONLY =
  'Cannot set a value of the session: no response is known that could carry its cookie. ' +
  'Open it with its response, sessions.open(request, response); the handshake of a socket is answered already.';
const providers = [TickResolver];

const next = (data: object) => [{ type: 'next', payload: { data } }];

describe.each(GRAPHQL_SERVERS)('Subscriptions of %s', (...server) => {
  const settings = server[2] === 'apollo' ? { subscriptions: { 'graphql-ws': true } } : { subscription: true };

  it('run, with the module imported and without a session', async () => {
    const client = (await startGraphql(server, { providers }, settings)).client();
    expect(await subscribe(client, 'subscription { ticks }')).toEqual(next({ ticks: 'tick' }));
  });

  it('need no CSRF token: the handshake was a GET', async () => {
    const guarded = [...providers, { provide: APP_GUARD, useClass: CsrfGuard }];
    const client = (await startGraphql(server, { providers: guarded }, settings)).client();
    expect(await subscribe(client, 'subscription { ticks }')).toEqual(next({ ticks: 'tick' }));
  });

  it('can read the session of the handshake', async () => {
    const started = await startGraphql(server, { providers }, settings);
    const [tom, nobody] = [started.client(), started.client()];
    await signIn(tom, { user: 'tom' });
    expect(await subscribe(tom, 'subscription { names }')).toEqual(next({ names: 'tom' }));
    expect(await subscribe(nobody, 'subscription { names }')).toEqual(next({ names: 'nobody' }));
  });

  it('cannot change it', async () => {
    const client = (await startGraphql(server, { providers }, settings)).client();
    expect(JSON.stringify(await subscribe(client, 'subscription { visits }'))).toContain(READ_ONLY);
  });
});

describe.each(APOLLO)('A mutation over a socket of %s', (...server) => {
  it('cannot change the session, and says so', async () => {
    const client = (await startGraphql(server, { providers }, { subscriptions: { 'graphql-ws': true } })).client();
    expect(await subscribe(client, 'mutation { tag(tag: "a") }')).toEqual([
      { type: 'next', payload: { data: null, errors: [expect.objectContaining({ message: READ_ONLY })] } },
    ]);
  });
});

describe.each(APOLLO)('A subscription of %s whose context hands on the request', (...server) => {
  it('has the session of the handshake, as docs/contexts.md has it', async () => {
    const context = await exportOf<object>('docs/contexts.md', 'context');
    const client = (
      await startGraphql(server, { providers }, { subscriptions: { 'graphql-ws': { context } } })
    ).client();
    await signIn(client, { user: 'tom' });
    expect(await subscribe(client, 'subscription { names }')).toEqual(next({ names: 'tom' }));
  });
});

describe.each(APOLLO)('A subscription of %s whose context keeps the request to itself', (...server) => {
  it('runs, has no request to take a session from, and says so', async () => {
    const settings = { subscriptions: { 'graphql-ws': { context: () => ({ nothing: 'here' }) } } };
    const client = (await startGraphql(server, { providers }, settings)).client();
    expect(await subscribe(client, 'subscription { ticks }')).toEqual(next({ ticks: 'tick' }));
    expect(JSON.stringify(await subscribe(client, 'subscription { names }'))).toContain(
      'Cannot open a session without an HTTP request: the context is of type \\"graphql\\" and has none.',
    );
  });
});
