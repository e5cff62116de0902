import { afterEach, describe } from '@jest/globals';
import type { INestApplication, LoggerService, ModuleMetadata } from '@nestjs/common';
import { type NestExpressApplication, ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import type { AddressInfo } from 'node:net';
import { SessionModule, type SessionModuleOptions } from 'nestjs-sessions';
import { Client } from './client.js';
import { SECRET } from './secrets.js';
import { suiteStore } from './suite-store.js';

// Tests of an application need no second import for it.
export { OTHER_SECRET, SECRET } from './secrets.js';
export { suiteStore } from './suite-store.js';

export type Platform = 'express' | 'fastify';
export const PLATFORMS: readonly Platform[] = ['express', 'fastify'];

/** Runs the same suite on Express and on Fastify. */
export function describeOnEachPlatform(title: string, define: (platform: Platform) => void): void {
  describe.each(PLATFORMS)(`${title} (%s)`, define);
}

export interface AppOptions extends ModuleMetadata {
  /** Options of the SessionModule; `false` leaves the module to `imports`. */
  readonly session?: Partial<SessionModuleOptions> | false;
  /** For guards and filters of the whole application, "trust proxy", and the like. */
  readonly configure?: (app: INestApplication) => unknown;
  readonly override?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
  readonly logger?: LoggerService | false;
  /** Options of the Fastify server or settings of the Express application. */
  readonly trustProxy?: boolean;
}

/** An application that listens on a port of its own; closed after the test. */
export interface TestApp {
  readonly app: INestApplication;
  readonly url: string;
  /** A client with a cookie jar of its own. */
  readonly client: () => Client;
}

const running = new Set<INestApplication>();
const clients = new Set<() => Promise<unknown>>();

/** Has a client closed after the test, before the applications that it talks to. */
export function closeAfterTest(close: () => Promise<unknown>): void {
  clients.add(close);
}

afterEach(async () => {
  const closing = [...clients];
  clients.clear();
  await Promise.all(closing.map((close) => close()));
  const apps = [...running];
  running.clear();
  await Promise.all(apps.map((app) => app.close()));
});

/** Sessions in the store of the suite, unless a test has a store of its own, or a codec, which excludes one. */
const storeFor = ({ codec }: Partial<SessionModuleOptions>) => (codec === undefined ? suiteStore() : {});

/** Starts a real application on a real socket, on port 0 of 127.0.0.1. */
export async function startApp(platform: Platform, options: AppOptions): Promise<TestApp> {
  const { session = {}, configure, override = (builder) => builder, logger = false, trustProxy, ...metadata } = options;
  const sessions =
    session === false ? [] : [SessionModule.forRoot({ secretKey: SECRET, ...storeFor(session), ...session })];
  const builder = Test.createTestingModule({ ...metadata, imports: [...sessions, ...(metadata.imports ?? [])] });
  if (logger !== false) builder.setLogger(logger);
  const module = await override(builder).compile();
  const adapter =
    platform === 'fastify'
      ? new FastifyAdapter({ trustProxy: trustProxy ?? false, forceCloseConnections: true })
      : new ExpressAdapter();
  const app = module.createNestApplication(adapter, { logger, forceCloseConnections: true });
  if (platform === 'express' && trustProxy) (app as NestExpressApplication).set('trust proxy', true);
  await configure?.(app);
  await app.listen(0, '127.0.0.1');
  running.add(app);
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return { app, url, client: () => new Client(url) };
}
