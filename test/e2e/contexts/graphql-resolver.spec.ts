import { describe, expect, it } from '@jest/globals';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLModule } from '@nestjs/graphql';
import type { Type } from '@nestjs/common';
import { PLATFORMS, startApp } from '../../support/app.js';
import { exportOf } from '../../support/documents.js';
import { sentClaims } from '../../support/tokens.js';
import { ask } from './support/graphql-app.js';

describe.each(PLATFORMS)('The resolver of docs/contexts.md (%s)', (platform) => {
  it('logs in and knows the user', async () => {
    const graphql = GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      autoSchemaFile: true,
      path: '/graphql',
      graphiql: false,
    });
    const resolver = await exportOf<Type<unknown>>('docs/contexts.md', 'VisitorResolver');
    const client = (await startApp(platform, { imports: [graphql], providers: [resolver] })).client();
    expect((await ask(client, '{ user }')).data).toEqual({ user: null });
    const reply = await ask(client, 'mutation { logIn(name: "ada") }');
    expect([reply.data, sentClaims(reply).data]).toEqual([{ logIn: true }, { user: 'ada' }]);
    expect((await ask(client, '{ user }')).data).toEqual({ user: 'ada' });
  });
});
