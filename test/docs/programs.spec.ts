import { describe, expect, it, jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { allPages, blocksOf, readPage } from '../support/documents.js';

// The compiler takes its time on a busy machine.
jest.setTimeout(120_000);

const ROOT = new URL('../../', import.meta.url);
/** Inside the repository, so that the programs find their packages; git ignores it. */
const HOME = new URL('build/programs/', ROOT);

const VISITOR = `
  import { type INestApplication, Injectable, type CanActivate, Get, Module } from '@nestjs/common';
  import { type InferSession, Session, SessionInterceptor, SessionManager, SessionModule } from 'nestjs-sessions';
  declare const app: INestApplication;`;

/** What the programs of a page use and do not show, by page. Those of the other pages are complete. */
const PRELUDES: Readonly<Record<string, string>> = {
  'README.md': VISITOR,
  'docs/express.md': `
    import type { INestApplication } from '@nestjs/common';
    import { SessionManager } from 'nestjs-sessions';
    declare const app: INestApplication;`,
  'docs/contexts.md': `${VISITOR}
    import type { ApolloDriverConfig } from '@nestjs/apollo';
    import type { ClientProxy } from '@nestjs/microservices';
    import { UseGuards } from '@nestjs/common';
    import { MessageBody, type OnGatewayConnection, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
    import type { IncomingMessage } from 'node:http';
    import type { Socket } from 'socket.io';
    import type { WebSocket } from 'ws';
    interface Visitor { user: string }
    declare class LoggedInGuard implements CanActivate { canActivate(): boolean }`,
  'docs/options.md': `
    import { SessionModule } from 'nestjs-sessions';
    import { starlette } from 'nestjs-sessions/interop';
    import { memoryStore } from 'nestjs-sessions/store';
    import * as devalue from 'devalue';
    import { z } from 'zod';
    declare class ConfigService { getOrThrow<T>(name: string): T }
    declare const counter: { add(count: number, attributes: object): void };
    declare const secretKey: string, newSecret: string, oldSecret: string, adminSecret: string, starletteSecret: string;`,
  'docs/store.md': `
    import { SessionModule } from 'nestjs-sessions';
    import type { SessionStore } from 'nestjs-sessions/store';
    declare const secretKey: string;
    declare const url: string, nodes: string[];
    declare const closedStore: SessionStore;
    declare const myStore: SessionStore;`,
  'docs/testing.md': `${VISITOR}
    import request from 'supertest';
    import { readSession, sessionCookie } from 'nestjs-sessions/testing';
    import { fakeSession } from 'nestjs-sessions/testing';
    import { expect, it, jest } from '@jest/globals';
    import { Test } from '@nestjs/testing';
    import type { CallHandler, ExecutionContext } from '@nestjs/common';
    import type { Observable } from 'rxjs';
    interface Visitor { visits: number; user?: { name: string } }
    declare class AppModule {}
    declare class VisitController { visit(session: Session<Visitor>): string }`,
  'docs/troubleshooting.md': `${VISITOR}
    import { type ExecutionContext, Inject } from '@nestjs/common';
    declare const session: Session<{ cart: string[] }>;
    declare const item: string;`,
  'docs/security.md': `${VISITOR}
    import type { ExecutionContext } from '@nestjs/common';
    interface Visitor { user: string }
    declare class Users { sessionsValidFrom(user: string): Promise<Date> }`,
  'docs/usage.md': `${VISITOR}
    import { Controller, Post } from '@nestjs/common';
    interface Visitor { user: string }
    declare const DAY: number;`,
  'docs/types.md': `${VISITOR}
    import { z } from 'zod';
    declare const secret: string;`,
};

/** What stands around a part of a program: a class around its methods, a declaration around its options. */
const AROUND: readonly (readonly [part: RegExp, whole: string])[] = [
  [
    /^(handleConnection\([^]*)$/,
    'export class Gateway { constructor(private readonly sessions: SessionManager) {}\n$1 }',
  ],
  [
    /^(this\.client\.[^]*)$/,
    'export class Sender { constructor(private readonly client: ClientProxy) {}\nsend(session: Session<Visitor>, items: string[]) { $1 } }',
  ],
  [/^((?:@Get\(\)\n)?visit\([^]*)$/m, 'export class Controller { $1 }'],
];

/** What the files of README.md import from the starter of Nest. */
const STARTER = [
  ['app.service', 'export class AppService {}'],
  ['app.controller', "import { Controller } from '@nestjs/common';\n@Controller() export class AppController {}"],
] as const;
/** Declares a type for all programs that it is compiled with. */
const ALONE = 'docs/types.md';

const PAGES = allPages().filter((page) => blocksOf(readPage(page), 'ts').length > 0);

/** What the compiler says against programs. */
function complaints(programs: readonly (readonly [name: string, text: string])[]): string {
  rmSync(HOME, { recursive: true, force: true });
  mkdirSync(new URL('src/', HOME), { recursive: true });
  writeFileSync(new URL('package.json', HOME), JSON.stringify({ name: 'programs', private: true, type: 'module' }));
  for (const [name, text] of programs) writeFileSync(new URL(`src/${name}.ts`, HOME), `${text}\nexport {};\n`);
  const paths = {
    'nestjs-sessions': ['../../lib/index.ts'],
    'nestjs-sessions/interop': ['../../lib/interop/index.ts'],
    'nestjs-sessions/store': ['../../lib/store/index.ts'],
    'nestjs-sessions/testing': ['../../lib/testing/index.ts'],
  };
  const compilerOptions = { noEmit: true, noUnusedLocals: false, noUnusedParameters: false, rootDir: '../..', paths };
  const config = { extends: '../../tsconfig.json', compilerOptions, include: ['src'] };
  writeFileSync(new URL('tsconfig.json', HOME), JSON.stringify(config));
  const tsc = fileURLToPath(new URL('node_modules/typescript/bin/tsc', ROOT));
  try {
    execFileSync(process.execPath, [tsc, '-p', fileURLToPath(HOME)], { encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

const FILE = /^\/\/ (?:src\/)?([\w.-]+)\.ts\n/;
/** A program that imports the package itself, or from another file, imports all that it needs. */
const isComplete = (text: string) => text.includes(" from 'nestjs-sessions';") || text.includes(" from './");

const programsOf = (page: string) =>
  blocksOf(readPage(page), 'ts').map((text, index) => {
    // Other programs may import some of what those of the page use.
    const prelude = isComplete(text)
      ? ''
      : (PRELUDES[page] ?? '')
          .split('\n')
          .filter((line) => !text.includes(line.trim()))
          .join('\n');
    const whole = AROUND.reduce((part, [pattern, around]) => part.replace(pattern, around), text);
    // A program that says which file it is can be imported by the others.
    const name = FILE.exec(text)?.[1] ?? `${page.replaceAll(/\W/g, '-')}-${index}`;
    return [name, `${prelude}\n${whole}`] as const;
  });

describe('The programs of the documents', () => {
  it('compile', () => {
    expect(PAGES.length).toBeGreaterThan(5);
    const programs = PAGES.filter((page) => page !== ALONE).flatMap(programsOf);
    expect(complaints([...STARTER, ...programs])).toBe('');
  });

  it('compile where they declare a type for all sessions', () => {
    expect(complaints(programsOf(ALONE))).toBe('');
  });

  it('are noticed where they do not', () => {
    expect(complaints([['wrong', 'const text: string = 1;']])).toContain('wrong.ts');
  });
});
