import type { RequestListener } from 'node:http';
import type { Subject } from '../measure/rounds.js';
import { cookiesOf } from './cookies.js';
import { Exchange } from './exchange.js';
import { create } from './platform.js';
import type { Setting, Variant } from './variant.js';

/** What of a request differs from the usual one. */
export interface Circumstances {
  /** What the subject is called, where it is not the variant. */
  readonly as?: string;
  /** Turns the cookies of a session into the Cookie header that is sent. */
  readonly cookie?: (cookies: string) => string;
}

/** Starts an application and logs in: a visitor's request is what is measured. */
export async function subjectOf(
  variant: Variant,
  setting: Setting,
  circumstances: Circumstances = {},
): Promise<Subject> {
  const { as: name = variant.name, cookie = (cookies) => cookies } = circumstances;
  const app = await create(setting.platform, variant.module(setting));
  await variant.prepare?.(app, setting);
  await app.listen(0, '127.0.0.1');
  const server = app.getHttpServer() as { listeners(event: 'request'): RequestListener[]; close(): void };
  const [listener] = server.listeners('request');
  server.close();
  if (listener === undefined) throw new Error(`${variant.name} does not listen.`);

  const host = { host: '127.0.0.1' };
  const login = await new Exchange(listener, host).once('/login');
  const lines = [login.getHeader('set-cookie') ?? []].flat() as string[];
  const exchange = new Exchange(listener, { ...host, cookie: cookie(cookiesOf(lines)) });

  const { statusCode } = await exchange.once('/');
  if (statusCode !== 200) throw new Error(`${name} answers ${statusCode}.`);
  return { name, run: (times) => exchange.times(times) };
}
