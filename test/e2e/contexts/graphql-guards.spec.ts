import { describe, expect, it } from '@jest/globals';
import { UseGuards } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { CsrfGuard, Public, Session, SessionGuard } from 'nestjs-sessions';
import { signIn } from '../../support/tokens.js';
import { ask, GRAPHQL_SERVERS, type GraphqlReply, startGraphql } from './support/graphql-app.js';
import type { Client } from '../../support/client.js';

@Resolver()
class GuardedResolver {
  @UseGuards(SessionGuard('user'))
  @Query(() => String)
  guarded(@Session('user') user: string): string {
    return `for ${user}`;
  }

  @Public()
  @Query(() => String)
  token(@Session() session: Session): string {
    return session.csrfToken();
  }

  @Public()
  @UseGuards(CsrfGuard)
  @Mutation(() => String)
  rename(@Args('name') name: string, @Session() session: Session): string {
    session.set('user', name);
    return name;
  }

  @UseGuards(CsrfGuard)
  @Mutation(() => String)
  ship(): string {
    return 'shipped';
  }
}

async function askWith(client: Client, token: string, query: string): Promise<GraphqlReply['data']> {
  const headers = { 'content-type': 'application/json', 'x-csrf-token': token };
  const { text } = await client.post('/graphql', { headers, body: JSON.stringify({ query }) });
  return (JSON.parse(text) as GraphqlReply).data;
}

describe.each(GRAPHQL_SERVERS)('%s', (...server) => {
  it('SessionGuard() refuses a field without the key, as an entry in errors, and passes with it', async () => {
    const client = (await startGraphql(server, { providers: [GuardedResolver] })).client();
    const refused = await ask(client, '{ guarded }');
    expect([refused.data, refused.errors]).toEqual([null, ['Unauthorized']]);
    await signIn(client, { user: 'ada' });
    expect((await ask(client, '{ guarded }')).data).toEqual({ guarded: 'for ada' });
  });

  it('SessionGuard() of the whole application leaves open what is public', async () => {
    const providers = [GuardedResolver, { provide: APP_GUARD, useClass: SessionGuard('user') }];
    const client = (await startGraphql(server, { providers })).client();
    expect((await ask(client, '{ ping }')).errors).toEqual(['Unauthorized']);
    expect((await ask(client, '{ token }')).errors).toEqual([]);
  });

  it('CsrfGuard wants the token of a mutation in a header', async () => {
    const client = (await startGraphql(server, { providers: [GuardedResolver] })).client();
    const token = String((await ask(client, '{ token }')).data?.['token']);
    expect((await ask(client, 'mutation { rename(name: "eve") }')).errors).toEqual(['The CSRF token is missing.']);
    expect(await askWith(client, token, 'mutation { rename(name: "ada") }')).toEqual({ rename: 'ada' });
  });

  it('CsrfGuard refuses a mutation whose GraphQL context keeps the request to itself', async () => {
    const settings = { context: () => ({ req: { user: 'ada' } }) };
    const client = (await startGraphql(server, { providers: [GuardedResolver] }, settings)).client();
    const reply = await ask(client, 'mutation { ship }');
    expect(reply.data).toBeNull();
    expect(reply.errors).toEqual([
      expect.stringMatching(/^(?:Cannot open a session without an HTTP request|The CSRF)/),
    ]);
  });
});
