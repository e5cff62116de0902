import { jest } from '@jest/globals';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Platform } from '../../../support/app.js';

export type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => unknown;

/** Software that wraps `writeHead`, or other methods of the response, for each request. */
export interface Neighbour {
  readonly name: string;
  readonly middleware: Middleware;
  /** The platforms that it knows; all of them unless it says so. */
  readonly platforms?: readonly Platform[];
  /** Names of cookies that it sets. */
  readonly cookies?: readonly string[];
}

/** Imports a package by its name or alias: half of them have no types, and aliases never have. */
async function load<T>(name: string): Promise<T> {
  const { default: value } = (await import(name)) as { default: T };
  return value;
}

type OnHeaders = (response: ServerResponse, listener: (this: ServerResponse) => void) => void;
type Factory = (...options: readonly unknown[]) => Middleware;

const nothing = { write: () => true };

async function onHeaders(name: string): Promise<Middleware> {
  const listen = await load<OnHeaders>(name);
  return (_request, response, next) => {
    listen(response, function listener() {
      this.setHeader('X-Listener', 'called');
    });
    next();
  };
}

async function expressSession(name: string): Promise<Middleware> {
  const create = await load<Factory>(name);
  return create({ secret: 'theirs', resave: false, saveUninitialized: true, name: 'peer' });
}

async function cookieSession(): Promise<Middleware> {
  const wrapped = (await load<Factory>('cookie-session'))({ keys: ['theirs'], name: 'peer' });
  return (request, response, next) =>
    wrapped(request, response, (error) => {
      (request as unknown as { session: { seen?: boolean } }).session.seen = true;
      next(error);
    });
}

/** Looks at `path` of Express's request. Here without its server for WebSockets and its timers, which would outlive the tests. */
async function statusMonitor(): Promise<Middleware> {
  // When it is loaded, it complains that an optional package is missing.
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  const create = await load<Factory>('express-status-monitor');
  warn.mockRestore();
  return create({ spans: [], websocket: { on: () => undefined, emit: () => undefined } });
}

const made = async (name: string, ...options: readonly unknown[]) => (await load<Factory>(name))(...options);

/** Real packages: the newest, and those before on-headers 1.1, which takes headers only as an object or a list of pairs. */
export const NEIGHBOURS: readonly Neighbour[] = [
  { name: 'on-headers 1.0.2', middleware: await onHeaders('on-headers-1.0') },
  { name: 'on-headers', middleware: await onHeaders('on-headers') },
  { name: 'morgan 1.10.0', middleware: await made('morgan-1.10', 'combined', { stream: nothing }) },
  { name: 'morgan', middleware: await made('morgan', 'combined', { stream: nothing }) },
  { name: 'compression 1.8.0', middleware: await made('compression-1.8.0') },
  { name: 'compression', middleware: await made('compression') },
  { name: 'response-time 2.3.2', middleware: await made('response-time-2.3.2') },
  { name: 'response-time', middleware: await made('response-time') },
  { name: 'express-session 1.18.1', middleware: await expressSession('express-session-1.18'), cookies: ['peer'] },
  { name: 'express-session', middleware: await expressSession('express-session'), cookies: ['peer'] },
  { name: 'cookie-session', middleware: await cookieSession(), cookies: ['peer', 'peer.sig'] },
  { name: 'helmet', middleware: await made('helmet') },
  { name: 'express-status-monitor', middleware: await statusMonitor(), platforms: ['express'] },
];

export const liveReload: Middleware = await made('connect-livereload');
