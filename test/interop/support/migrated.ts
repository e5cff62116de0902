import { afterAll, beforeAll } from '@jest/globals';
import { Controller, Get, type INestApplication, type Type } from '@nestjs/common';
import { Session } from 'nestjs-sessions';
import { type Platform, startApp, type TestApp } from '../../support/app.js';
import type { Reply } from '../../support/client.js';
import { allPages, exportOf, readPage } from '../../support/documents.js';

/** The page that exports a program by this name. */
function pageOf(name: string): string {
  const page = allPages().find(
    (each) => each.startsWith('docs/migration/') && new RegExp(` ${name}\\b`).test(readPage(each)),
  );
  if (page === undefined) throw new Error(`No page in docs/migration/ exports ${name}.`);
  return page;
}

/** Runs the program of docs/migration/ that exports `name`, as it stands there. */
export function migrated<T>(name: string): Promise<T> {
  return exportOf<T>(pageOf(name), name);
}

/** 32 ASCII characters, which each of the peers takes. */
export const PEER_SECRET = 'the secret of the other service!';

const ENVIRONMENT = {
  SESSION_SECRET: 'a new secret of nestjs-sessions, 32 bytes',
  ASGI_SECRET: PEER_SECRET,
  STARLETTE_SECRET: PEER_SECRET,
  FLASK_SECRET: PEER_SECRET,
  COOKIE_KEY: PEER_SECRET,
};

/** Sets the secrets that the programs of the page take from the environment. */
export function setSecrets(): void {
  beforeAll(() => void Object.assign(process.env, ENVIRONMENT));
  afterAll(() => {
    for (const name of Object.keys(ENVIRONMENT)) Reflect.deleteProperty(process.env, name);
  });
}

/** Beside what the page has: shows the session, changes it, and does what changes nothing. */
@Controller('visitor')
export class VisitorController {
  @Get()
  read(@Session() session: Session): object {
    return { ...session.data };
  }

  @Get('rename')
  rename(@Session() session: Session): void {
    session.set('user', 'mary');
  }

  @Get('same')
  same(@Session() session: Session): void {
    session.set('user', session.get('user'));
  }

  @Get('touch')
  touch(@Session() session: Session): void {
    session.touch();
  }
}

/** Starts an application with a module of the page, as it stands there. */
export async function startModule(
  platform: Platform,
  name: string,
  configure: (app: INestApplication) => unknown = () => undefined,
): Promise<TestApp> {
  const imported = await migrated<Type<unknown>>(name);
  return startApp(platform, { session: false, imports: [imported], controllers: [VisitorController], configure });
}

export function bodyOf(reply: Reply): unknown {
  return JSON.parse(reply.text);
}
