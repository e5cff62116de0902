import { describe, expect, it } from '@jest/globals';
import { type CanActivate, Controller, type ExecutionContext, Get, Inject, Injectable } from '@nestjs/common';
import { type INestApplication, type Type, UseGuards } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthGuard, PassportModule } from '@nestjs/passport';
import { Test } from '@nestjs/testing';
import { compileFunction } from 'node:vm';
import { Session, SessionManager } from 'nestjs-sessions';
import passport from 'passport';
import ts from 'typescript';
import { describeOnEachPlatform, startApp } from '../support/app.js';
import { blocksOf, readPage } from '../support/documents.js';
import { exchangeWith } from '../support/exchange.js';
import { RecordingLogger } from '../support/log.js';
import { routes } from '../support/routes.js';

const PAGE = 'docs/troubleshooting.md';

@Controller()
class PlainController {
  @Get('plain')
  plain(): string {
    return 'ok';
  }

  @Get('user')
  user(@Session() session: Session): string {
    return String((session.data as { cart: string[] }).cart.push('tea'));
  }
}

describeOnEachPlatform('A symptom of docs/troubleshooting.md', (platform) => {
  /** The errors of a request: what handlers and guards throw is in the log. */
  const errorsOf = async (
    path: string,
    options: object = {},
    configure: (app: INestApplication) => unknown = () => undefined,
  ) => {
    const logger = new ErrorLogger();
    const app = await startApp(platform, { controllers: [PlainController], ...options, logger, configure });
    const { status, text } = await app.client().get(path);
    return { status, text, messages: logger.errors.map((error) => (error as Error).message) };
  };

  it('"reading \'push\'" comes from a session that has just begun', async () => {
    expect(await errorsOf('/user')).toMatchObject({
      status: 500,
      messages: ["Cannot read properties of undefined (reading 'push')"],
    });
  });

  it('"reading \'user\'" comes from request.session without expressSession()', async () => {
    const guard = { canActivate: (context: ExecutionContext) => requestOf(context).session.user !== undefined };
    const { messages } = await errorsOf('/plain', {}, (app) => app.useGlobalGuards(guard));
    expect(messages).toEqual(["Cannot read properties of undefined (reading 'user')"]);
  });

  it('"reading \'open\'" comes from a guard without types of constructor parameters', async () => {
    const guard = blocksOf(readPage(PAGE), 'ts').find((text) => text.includes('class NamedGuard')) ?? '';
    const outcomes = [guard, guard.replace('@Inject(SessionManager)', '')].map(async (text) => {
      const provider = { provide: APP_GUARD, useClass: withoutMetadata(text, 'NamedGuard') };
      const { status, messages } = await errorsOf('/plain', { providers: [provider] });
      return { status, messages };
    });
    expect(await Promise.all(outcomes)).toEqual([
      { status: 403, messages: [] },
      { status: 500, messages: ["Cannot read properties of undefined (reading 'open')"] },
    ]);
  });

  it('"Unknown authentication strategy" comes from a strategy that is not provided', async () => {
    @Controller()
    class LoginController {
      @Get('login')
      @UseGuards(AuthGuard('local'))
      logIn(): void {}
    }
    const { messages } = await errorsOf('/login', { controllers: [LoginController], imports: [PassportModule] });
    expect(messages).toEqual(['Unknown authentication strategy "local"']);
  });

  it('a Secure cookie over plain HTTP comes with the warning', async () => {
    const logger = new RecordingLogger();
    const controllers = [routes({ write: (session) => session.set('user', 'ada') })];
    const app = await startApp(platform, { controllers, logger, session: { secure: true } });
    await app.client().get('/write', { headers: { host: 'shop.example.org' } });
    expect(logger.lines.map(({ message }) => message)).toEqual([
      expect.stringContaining('The session cookie is Secure, but the request came over plain HTTP'),
    ]);
  });
});

describe('A symptom of docs/troubleshooting.md', () => {
  it('"Login sessions require session support" comes from passport without request.session', async () => {
    const { request } = exchangeWith();
    const { message } = await new Promise<Error>((resolve) => {
      passport.session()(request, {}, resolve);
    });
    expect(readPage(PAGE)).toContain(`\`${message.replaceAll('`', '')}\``);
  });

  it('"Nest can\'t resolve dependencies" comes without the module', async () => {
    @Injectable()
    class LoggedInGuard {
      constructor(readonly sessions: SessionManager) {}
    }
    const module = Test.createTestingModule({ providers: [LoggedInGuard] });
    await expect(module.compile()).rejects.toThrow(
      /Nest can't resolve dependencies of the LoggedInGuard \(\?\)[^]*SessionManager/,
    );
  });
});

/** Keeps what handlers and guards threw. */
class ErrorLogger {
  readonly errors: unknown[] = [];
  log = () => undefined;
  warn = () => undefined;
  error = (error: unknown) => void this.errors.push(error);
}

function requestOf(context: ExecutionContext): { session: { user?: string } } {
  return context.switchToHttp().getRequest();
}

/** A class as esbuild leaves it: without the types of its constructor's parameters. */
function withoutMetadata(program: string, name: string): Type<CanActivate> {
  const compilerOptions = { target: ts.ScriptTarget.ES2023, experimentalDecorators: true };
  const { outputText } = ts.transpileModule(program.replace('export class', 'class'), { compilerOptions });
  const scope = { Injectable, Inject, SessionManager };
  return compileFunction(`${outputText}\nreturn ${name};`, Object.keys(scope))(...Object.values(scope)) as never;
}
