import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, RequestHandler, Response } from 'express';
import { SessionManager } from 'nestjs-sessions';
import { type AppOptions, startApp, type TestApp } from '../../../support/app.js';
import { routes } from '../../../support/routes.js';

type Callback = (error?: unknown) => void;

/** What is under `request.session`, for who has no `@types/express-session`. */
export interface ExpressSession {
  [key: string]: unknown;
  readonly id: string;
  readonly sessionID: string;
  readonly cookie: { originalMaxAge: number; maxAge: number | null; expires: Date | null | false };
  regenerate(callback?: Callback): this;
  save(callback?: Callback): this;
  destroy(callback?: Callback): this;
  reload(callback?: Callback): this;
  touch(): this;
}

export interface ExpressRequest extends Request {
  session: ExpressSession;
}

export interface ExpressOptions extends Omit<AppOptions, 'configure'> {
  /** What stands behind `expressSession()` and before Nest. */
  readonly use?: readonly RequestHandler[];
  readonly configure?: (app: NestExpressApplication) => unknown;
}

/** Starts an application of Express with `request.session`. */
export function startExpress({ use = [], configure, ...options }: ExpressOptions): Promise<TestApp> {
  return startApp('express', {
    ...options,
    configure: async (app) => {
      app.use(app.get(SessionManager).expressSession(), ...use);
      await configure?.(app as NestExpressApplication);
    },
  });
}

/** A controller with one GET route for each name; what a handler returns is the answer. */
export function pages(
  handlers: Readonly<Record<string, (session: ExpressSession, request: ExpressRequest, response: Response) => unknown>>,
): ReturnType<typeof routes> {
  const entries = Object.entries(handlers).map(([name, handle]) => [
    name,
    (_: unknown, response: object, request: object) =>
      handle((request as ExpressRequest).session, request as ExpressRequest, response as Response),
  ]);
  return routes(Object.fromEntries(entries));
}

/** Waits for a callback. @returns what it was called with: an error, or nothing */
export function called(action: (callback: Callback) => unknown): Promise<unknown> {
  return new Promise((resolve) => {
    action(resolve);
  });
}
