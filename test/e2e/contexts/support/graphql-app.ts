import { jest } from '@jest/globals';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLModule } from '@nestjs/graphql';
import type { MercuriusDriverConfig } from '@nestjs/mercurius';
import { createRequire } from 'node:module';
import { type AppOptions, type Platform, startApp, type TestApp } from '../../../support/app.js';
import type { Client, Reply } from '../../../support/client.js';
import { Profile, ProfileResolver, VisitorResolver, Witness } from './graphql-resolvers.js';

// Mercurius loads it by require() for its page for browsers; Jest cannot do that with an ES module on Node 20.
const fromMercurius = createRequire(createRequire(import.meta.url).resolve('mercurius'));
const fromStatic = createRequire(fromMercurius.resolve('@fastify/static'));
jest.doMock(fromStatic.resolve('content-disposition'), () => ({}));
const { MercuriusDriver } = await import('@nestjs/mercurius');

/** A GraphQL server on a platform. */
export type GraphqlServer = readonly [title: string, platform: Platform, driver: 'apollo' | 'mercurius'];

export const GRAPHQL_SERVERS: readonly GraphqlServer[] = [
  ['Apollo on Express', 'express', 'apollo'],
  ['Apollo on Fastify', 'fastify', 'apollo'],
  ['Mercurius on Fastify', 'fastify', 'mercurius'],
];

/** Starts an application with these resolvers. */
export function startGraphql(
  [, platform, driver]: GraphqlServer,
  options: AppOptions = {},
  settings: object = {},
): Promise<TestApp> {
  const common = { autoSchemaFile: true, path: '/graphql', ...settings } as const;
  const graphql =
    driver === 'apollo'
      ? GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, graphiql: false, ...common })
      : GraphQLModule.forRoot<MercuriusDriverConfig>({ driver: MercuriusDriver, ...common });
  return startApp(platform, {
    ...options,
    imports: [graphql, ...(options.imports ?? [])],
    providers: [VisitorResolver, ProfileResolver, Profile, Witness, ...(options.providers ?? [])],
  });
}

/** What a GraphQL server answers. */
export interface GraphqlReply extends Reply {
  readonly data: Readonly<Record<string, unknown>> | null | undefined;
  /** The messages of the errors. */
  readonly errors: readonly string[];
}

/** Sends an operation as GraphQL over HTTP has it. */
export async function ask(client: Client, query: string): Promise<GraphqlReply> {
  const headers = { 'content-type': 'application/json' };
  const reply = await client.post('/graphql', { headers, body: JSON.stringify({ query }) });
  const { data, errors = [] } = JSON.parse(reply.text) as {
    data?: GraphqlReply['data'];
    errors?: { message: string }[];
  };
  return { ...reply, data, errors: errors.map(({ message }) => message) };
}
