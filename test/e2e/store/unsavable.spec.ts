import { expect, it } from '@jest/globals';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  Injectable,
  Param,
  Res,
  UseFilters,
} from '@nestjs/common';
import { once } from 'node:events';
import { Session, SessionManager, type SessionModuleOptions, type SessionStoreOptions } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { RecordingLogger } from '../../support/log.js';
import { type AnyResponse, rawResponse } from '../../support/routes.js';
import { TestStore } from '../../support/stores.js';
import { unhandledDuring } from '../../support/unhandled.js';
import { ANSWERS_BY_HAND } from './support/answers-by-hand.js';

/** Answers in its own way, after what could not be saved was taken back. */
@Catch()
@Injectable()
class MendingFilter implements ExceptionFilter {
  constructor(private readonly sessions: SessionManager) {}

  catch(_error: unknown, host: ArgumentsHost): void {
    this.sessions.open(host).rollback();
    host.switchToHttp().getResponse<AnyResponse>().status(418).send('mended');
  }
}

@Controller()
class UnsavableController {
  /** Ends when the handler has written its last. */
  static ended: Promise<unknown> = Promise.resolve();

  @Get('by-hand/:answer')
  byHand(@Session() session: Session, @Res() response: object, @Param('answer') answer: string): void {
    session.set('n', 1);
    session.set('value', UNSAVABLE.value);
    ANSWERS_BY_HAND[answer]?.(rawResponse(response));
  }

  @Get('returned')
  returned(@Session() session: Session): string {
    session.set('n', 1);
    session.set('value', UNSAVABLE.value);
    return 'sent';
  }

  @Get('mended')
  @UseFilters(MendingFilter)
  mended(@Session() session: Session): string {
    return this.returned(session);
  }

  /** Answers when the interceptor has failed, and its error was answered. */
  @Get('relentless')
  relentless(@Session() session: Session, @Res() response: object): void {
    const raw = rawResponse(response);
    this.returned(session);
    const goOn = async () => {
      await once(raw, 'finish');
      raw.write('two');
      await new Promise<void>((resolve) => void raw.end('three', () => resolve()));
    };
    UnsavableController.ended = goOn();
  }
}

/** What the handlers put into the session. */
const UNSAVABLE: { value: unknown } = { value: undefined };

interface Unsavable {
  readonly value?: unknown;
  readonly store?: Partial<SessionStoreOptions>;
  readonly session?: Partial<SessionModuleOptions>;
}

const fail = (): never => {
  throw new TypeError('ada');
};

const REASONS: Readonly<Record<string, Unsavable>> = {
  'subject throws': { store: { subject: fail } },
  'subject returns a number': { store: { subject: () => 1 as unknown as string } },
  'describe throws': { store: { describe: fail } },
  'describe returns a number': { store: { describe: () => 1 as unknown as string } },
  'a value is not JSON': { value: 1n },
  'domain throws': { session: { domain: fail } },
};

const CASES = Object.keys(REASONS).flatMap((reason) =>
  (['store', 'cookie'] as const).map((data) => [reason, data] as const),
);

/** What fails only with a store. The rest is logged, as without one, and an answer that is made by hand leaves as it is. */
const REPORTED = CASES.filter(([reason]) => /^(?:subject|describe)/.test(reason));
const LOGGED = CASES.filter((row) => !REPORTED.includes(row));

describeOnEachPlatform('A session that cannot be saved, because', (platform) => {
  const start = async (reason: string, data: 'store' | 'cookie') => {
    const { value, store: options, session } = REASONS[reason] ?? {};
    UNSAVABLE.value = value;
    const store = new TestStore();
    const logger = new RecordingLogger();
    const told: unknown[] = [];
    const { client } = await startApp(platform, {
      session: { store: { store, data, ...options }, onSaveFailed: ({ name }) => told.push(name), ...session },
      controllers: [UnsavableController],
      logger,
    });
    return { visitor: client(), store, logger, told };
  };

  it.each(REPORTED)(
    "%s, is a 500 in the place of an answer that is made by hand, and one line in the log: data: '%s'",
    async (reason, data) => {
      for (const answer of Object.keys(ANSWERS_BY_HAND)) {
        const { visitor, store, logger, told } = await start(reason, data);
        const unhandled = await unhandledDuring(async () => {
          const { status, text, setCookie } = await visitor.get(`/by-hand/${answer}`);
          expect([answer, status, JSON.parse(text)]).toEqual([
            answer,
            500,
            { message: 'Internal Server Error', statusCode: 500 },
          ]);
          expect([answer, setCookie, store.take()]).toEqual([answer, [], []]);
        });
        expect(unhandled).toEqual([]);
        expect(logger.lines).toEqual([
          {
            level: 'error',
            message: expect.stringMatching(/^Cannot save the session/),
          },
        ]);
        expect(JSON.stringify(logger.lines)).not.toContain('ada');
        expect(told).toEqual(['default']);
      }
    },
  );

  it.each(LOGGED)("%s, is one line in the log where the answer is made by hand: data: '%s'", async (reason, data) => {
    for (const answer of Object.keys(ANSWERS_BY_HAND)) {
      const { visitor, store, logger, told } = await start(reason, data);
      const { status, text, setCookie } = await visitor.get(`/by-hand/${answer}`);
      expect([answer, status, text, setCookie, store.take()]).toEqual([answer, 200, 'sent', [], []]);
      expect([logger.lines.length, told]).toEqual([1, ['default']]);
    }
  });

  it.each(CASES)(
    "%s, is an error where the handler returns, and nothing is saved: data: '%s'",
    async (reason, data) => {
      const { visitor, store, told } = await start(reason, data);
      const { status, setCookie } = await visitor.get('/returned');
      expect([status, setCookie, store.take(), told]).toEqual([500, [], [], ['default']]);
    },
  );

  it.each(CASES)("%s, leaves the answer to a filter that takes the change back: data: '%s'", async (reason, data) => {
    const { visitor, store, logger } = await start(reason, data);
    const { status, text, setCookie } = await visitor.get('/mended');
    expect([status, text, setCookie, store.take(), logger.lines]).toEqual([418, 'mended', [], [], []]);
  });

  it.each(CASES)("%s, breaks nothing where the handler goes on after the error: data: '%s'", async (reason, data) => {
    const { visitor } = await start(reason, data);
    const unhandled = await unhandledDuring(async () => {
      expect((await visitor.get('/relentless')).status).toBe(500);
      await UnsavableController.ended;
    });
    expect(unhandled).toEqual([]);
  });
});
