// An application with one recipe of docs/around.md in a process of its own: Jest on Node 20 cannot
// load Nest for packages that are CommonJS, and nestjs-pino keeps one logger for all applications of a process.
import fastifyStatic from '@fastify/static';
import {
  Body,
  Controller,
  type DynamicModule,
  Get,
  type INestApplication,
  Module,
  type ModuleMetadata,
  Post,
  Res,
  type Type,
  UseGuards,
} from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ExpressAdapter } from '@nestjs/platform-express';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { LoggerModule } from 'nestjs-pino';
import { Session, SessionModule } from 'nestjs-sessions';
import { exportOf } from '../../../support/documents.js';
import { SECRET } from '../../../support/secrets.js';

const PAGE = 'docs/around.md';
const [recipe = '', platform] = process.argv.slice(2);

@Controller()
class UserController {
  @Get('user')
  user(@Session('user') user: string): string {
    return `Hello ${user}`;
  }
}

async function throttled(): Promise<ModuleMetadata> {
  return {
    imports: [ThrottlerModule.forRoot([{ ttl: 60_000, limit: 2 }])],
    controllers: [UserController],
    providers: [{ provide: APP_GUARD, useClass: await exportOf<Type<unknown>>(PAGE, 'SessionThrottlerGuard') }],
  };
}

async function throttledLogIn(): Promise<ModuleMetadata> {
  @Controller()
  class LogInController {
    @UseGuards(ThrottlerGuard)
    @Post('login')
    logIn(@Session() session: Session, @Body('name') name: unknown): void {
      session.set('user', name);
    }
  }
  return { imports: [await exportOf<DynamicModule>(PAGE, 'logInLimits')], controllers: [LogInController] };
}

async function withStorage(): Promise<ModuleMetadata> {
  const { CurrentUser, clsModule } = await exportsOf('docs/current-session.md', ['CurrentUser', 'clsModule']);

  @Controller()
  class StorageController {
    @Get('user')
    user(): string {
      return `Hello ${app.get<{ name: string | undefined }>(CurrentUser as Type).name}`;
    }

    @Get('untouched')
    untouched(): string {
      return 'fine';
    }
  }
  return { imports: [clsModule as never], controllers: [StorageController], providers: [CurrentUser as never] };
}

type CreateLogger = (stream: { write(line: string): void }) => DynamicModule;

/** Its log is its answer to /log. */
function logged(create: CreateLogger): ModuleMetadata {
  const lines: string[] = [];

  @Controller()
  class LogController {
    @Get('login')
    login(@Session() session: Session): void {
      session.set('user', 'ada');
    }

    @Get('log')
    log(): string[] {
      return lines;
    }
  }
  const imports = [create({ write: (line) => void lines.push(line) })];
  return { imports, controllers: [UserController, LogController] };
}

interface FileReply {
  sendFile(name: string, options?: object): unknown;
}

/** Private files by @fastify/static, with its Cache-Control and without. */
function files(): ModuleMetadata {
  @Controller()
  class FileController {
    @Get('public')
    public(@Session() session: Session, @Res() reply: FileReply): void {
      session.set('n', 1);
      reply.sendFile('package.json');
    }

    @Get('private')
    private(@Session() session: Session, @Res() reply: FileReply): void {
      session.set('n', 1);
      reply.sendFile('package.json', { cacheControl: false });
    }
  }
  return { controllers: [FileController] };
}

async function exportsOf(page: string, names: readonly string[]): Promise<Record<string, unknown>> {
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await exportOf(page, name)] as const)));
}

const RECIPES: Readonly<Record<string, () => Promise<ModuleMetadata>>> = {
  throttled,
  throttledLogIn,
  files: () => Promise.resolve(files()),
  withStorage,
  redacted: async () => logged(await exportOf<CreateLogger>(PAGE, 'loggerModule')),
  unredacted: () =>
    Promise.resolve(logged((stream) => LoggerModule.forRoot({ forRoutes: ['{*path}'], pinoHttp: [{}, stream] }))),
};

const { imports = [], ...rest } = (await RECIPES[recipe]?.()) ?? {};

@Module({ imports: [SessionModule.forRoot(SECRET), ...imports], ...rest })
class AppModule {}

const adapter = platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
const app: INestApplication = await NestFactory.create(AppModule, adapter, { logger: false });
if (recipe === 'files') {
  await (app as NestFastifyApplication).register(fastifyStatic, { root: process.cwd(), serve: false });
}
await app.listen(0, '127.0.0.1');
process.stdout.write(`Open ${await app.getUrl()}\n`);
