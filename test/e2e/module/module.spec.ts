import { describe, expect, it } from '@jest/globals';
import {
  type ArgumentMetadata,
  type CallHandler,
  Controller,
  type ExecutionContext,
  Get,
  type INestApplication,
  Injectable,
  Module,
  type PipeTransform,
  type Type,
} from '@nestjs/common';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { SessionInterceptor, SessionManager, SessionModule, SessionService } from 'nestjs-sessions';
import { describeOnEachPlatform, SECRET, startApp } from '../../support/app.js';
import { RecordingLogger } from '../../support/log.js';
import { routes } from '../../support/routes.js';
import { sentClaims } from '../../support/tokens.js';

const controller = routes({
  write: (session) => session.set('user', 'tom'),
  plain: () => 'ok',
});

/** Rebuilds what it is given, as `ValidationPipe({ transform: true, whitelist: true })` does with bodies. */
class RebuildingPipe implements PipeTransform {
  readonly types: string[] = [];

  transform(value: unknown, { type }: ArgumentMetadata): unknown {
    if (!this.types.includes(type)) this.types.push(type);
    return type === 'custom' ? value : JSON.parse(JSON.stringify(value ?? null));
  }
}

const interceptAgain = (app: INestApplication) => app.useGlobalInterceptors(app.get(SessionInterceptor));

describeOnEachPlatform('The module', (platform) => {
  it('lets the session through global pipes, as a custom parameter', async () => {
    const pipe = new RebuildingPipe();
    const app = await startApp(platform, { controllers: [controller], configure: (a) => a.useGlobalPipes(pipe) });
    expect(sentClaims(await app.client().get('/write')).data).toEqual({ user: 'tom' });
    expect(pipe.types).toEqual(['custom']);
  });

  it('says so at @Session() where it is not imported', async () => {
    const errors: unknown[] = [];
    const logger = new RecordingLogger();
    logger.error = (error: unknown) => errors.push(error);
    const app = await startApp(platform, { session: false, controllers: [controller], logger });
    expect((await app.client().get('/plain')).status).toBe(500);
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'ERR_SESSION_NOT_BOUND',
        message:
          'Cannot hand out @Session(), name "default": no SessionInterceptor of that name ran for this request. ' +
          'Import SessionModule.forRoot() in AppModule; a class that overrides SessionInterceptor must extend it.',
      }),
    ]);
  });

  describe('with isGlobal: false', () => {
    const sessions = SessionModule.forRoot(SECRET, { isGlobal: false });

    @Injectable()
    class Visits {
      constructor(readonly manager: SessionManager) {}
    }

    @Controller('visits')
    class VisitsController {
      constructor(private readonly session: SessionService) {}

      @Get()
      visit(): void {
        this.session.set('visits', 1);
      }
    }

    const feature = (imports: Type<unknown>[] | (typeof sessions)[]) => {
      @Module({ imports, controllers: [VisitsController], providers: [Visits] })
      class FeatureModule {}
      return FeatureModule;
    };

    it('is there for the modules that import it', async () => {
      const app = await startApp(platform, {
        session: false,
        imports: [sessions, feature([sessions])],
        controllers: [controller],
      });
      expect(sentClaims(await app.client().get('/visits')).data).toEqual({ visits: 1 });
      expect(sentClaims(await app.client().get('/write')).data).toEqual({ user: 'tom' });
    });

    it('is not there for others', async () => {
      const compile = Test.createTestingModule({ imports: [sessions, feature([])] }).compile();
      await expect(compile).rejects.toThrow(/^Nest can't resolve dependencies of the \w+ \((SessionService|\?)/);
    });
  });

  it('sends one cookie when its interceptor runs twice', async () => {
    const app = await startApp(platform, { controllers: [controller], configure: interceptAgain });
    const reply = await app.client().get('/write');
    expect(reply.setCookie).toHaveLength(1);
    expect(sentClaims(reply).data).toEqual({ user: 'tom' });
  });

  it('lets its interceptor be replaced in tests, by overrideProvider()', async () => {
    const calls: string[] = [];
    const interceptor = {
      intercept: (context: ExecutionContext, next: CallHandler) => {
        calls.push(context.getHandler().name);
        return next.handle();
      },
    };

    @Controller()
    class PlainController {
      @Get()
      answer(): string {
        return 'ok';
      }
    }
    const override = (builder: TestingModuleBuilder) =>
      builder.overrideProvider(SessionInterceptor).useValue(interceptor);
    const app = await startApp(platform, { controllers: [PlainController], override });
    expect((await app.client().get('/')).text).toBe('ok');
    expect(calls).toEqual(['answer']);
  });
});
