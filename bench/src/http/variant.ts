import type { INestApplication, Type } from '@nestjs/common';
import type { Visitor } from '../codec/session.js';
import type { Platform } from './platform.js';

/** What the variants have in common. */
export interface Setting {
  readonly platform: Platform;
  /** What `GET /login` puts into the session. */
  readonly visitor: Visitor;
  /** Secrets, newest first. */
  readonly secrets: readonly [string, ...string[]];
}

/** What every variant answers to `GET /`. */
export interface Page {
  readonly hello: string;
}

/** One way of writing the application that is measured. */
export interface Variant {
  /** Ends with what its page does with the session, if there is one. */
  readonly name: string;
  readonly platforms: readonly Platform[];
  /** Its controller answers `GET /`, which is measured, and `GET /login`, which begins a session if there are any. */
  module(setting: Setting): Type;
  /** Middleware and plugins, before the application starts. */
  readonly prepare?: ((app: INestApplication, setting: Setting) => void | Promise<void>) | undefined;
}

/** Whether each response sends the session anew. */
export function isWritten({ name }: Variant): boolean {
  return name.endsWith(', written');
}
