import express, { type Request, type RequestHandler, type Response } from 'express';
import { fastify, type FastifyInstance, type FastifyPluginCallback } from 'fastify';
import { getIronSession, type IronSession, type SessionOptions } from 'iron-session';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { closeAfterTest } from '../../support/app.js';

/** The session of a peer, as its users see it. */
export type PeerSession = { user?: string; cart?: string[] } & Record<string, unknown>;

type Factory = (options: object) => RequestHandler;
type Plugin = FastifyPluginCallback<object>;

/** Imports a peer without its types: it has none, or they give a `session` to the requests of every other test. */
async function load<T>(name: string): Promise<T> {
  const { default: value } = (await import(name)) as { default: T };
  return value;
}

const expressSession = await load<Factory>('express-session');
const cookieSession = await load<Factory>('cookie-session');
const fastifyCookie = await load<Plugin>('@fastify/cookie');
const fastifySession = await load<Plugin>('@fastify/session');
const secureSession = await load<Plugin>('fastify-secure-session');

/** What a request of a peer does with its session. */
export type Use<S> = (session: S) => unknown;

/** A server of Express with the sessions of a middleware; answers with what `use` returns. */
async function serveExpress(middleware: RequestHandler, use: Use<PeerSession>): Promise<string> {
  const app = express();
  app.use(middleware, (request: Request, response: Response) => {
    const { session } = request as unknown as { session: PeerSession };
    response.json(use(session) ?? null);
  });
  const server = app.listen(0, '127.0.0.1');
  closeAfterTest(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  );
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function serveExpressSession(options: object, use: Use<PeerSession>): Promise<string> {
  const settings = { secret: 'the secret of the peer', resave: false, saveUninitialized: false, ...options };
  return serveExpress(expressSession(settings), use);
}

export function serveCookieSession(options: object, use: Use<PeerSession>): Promise<string> {
  return serveExpress(cookieSession({ name: 'session', ...options }), use);
}

export function serveIronSession(
  options: Partial<SessionOptions>,
  use: Use<IronSession<PeerSession>>,
): Promise<string> {
  const settings = { password: 'the password of the peer, 32 bytes', cookieName: 'session', ...options };
  const middleware: RequestHandler = (request, response, next) => {
    const answer = async () => response.json((await use(await getIronSession(request, response, settings))) ?? null);
    answer().then(undefined, next);
  };
  return serveExpress(middleware, () => undefined);
}

/** The members that the tests use of sessions on Fastify. */
export interface FastifySession {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  data(): object;
  destroy(): Promise<void>;
  changed: boolean;
}

export type FastifyUse = (session: FastifySession, server: FastifyInstance) => unknown;

async function serveFastify(register: (server: FastifyInstance) => unknown, use: FastifyUse): Promise<string> {
  const server = fastify({ forceCloseConnections: true });
  register(server);
  const answer = async ({ session }: { session: FastifySession }) => ({ result: (await use(session, server)) ?? null });
  server.get('/', (request) => answer(request as unknown as { session: FastifySession }));
  closeAfterTest(() => server.close());
  return server.listen({ port: 0, host: '127.0.0.1' });
}

export function serveSecureSession(options: object, use: FastifyUse): Promise<string> {
  const settings = { key: Buffer.alloc(32, 7), ...options };
  return serveFastify((server) => server.register(secureSession, settings), use);
}

export function serveFastifySession(options: object, use: FastifyUse): Promise<string> {
  const settings = { secret: 'the secret of the peer, 32 bytes', ...options };
  const register = (server: FastifyInstance) => server.register(fastifyCookie).register(fastifySession, settings);
  return serveFastify(register, use);
}
