import {
  type ArgumentsHost,
  type CanActivate,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  ForbiddenException,
  Get,
  Head,
  Injectable,
  type INestApplication,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  Redirect,
  Res,
  Sse,
  StreamableFile,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { Readable } from 'node:stream';
import { from, type Observable } from 'rxjs';
import { Session, SessionManager } from 'nestjs-sessions';
import { type AnyResponse, rawResponse } from '../../../support/routes.js';

const count = (session: Session) => (session.data.n = (session.data.n ?? 0) + 1);

@Injectable()
class DenyingGuard implements CanActivate {
  constructor(private readonly sessions: SessionManager) {}

  canActivate(context: ExecutionContext): boolean {
    count(this.sessions.open(context));
    return false;
  }
}

@Catch()
@Injectable()
class WritingFilter implements ExceptionFilter {
  constructor(private readonly sessions: SessionManager) {}

  catch(_error: unknown, host: ArgumentsHost): void {
    count(this.sessions.open(host));
    host.switchToHttp().getResponse<AnyResponse>().status(418).send('filtered');
  }
}

/** Each handler counts, and answers in another way. */
@Controller()
export class PathsController {
  @Get('text')
  text(@Session() session: Session): string {
    return `n=${count(session)}`;
  }

  @Get('json')
  json(@Session() session: Session): object {
    return { n: count(session) };
  }

  @Get('large')
  large(@Session() session: Session): string {
    session.set('large', 'x'.repeat(100_000));
    return `n=${count(session)}`;
  }

  @Head('head')
  head(@Session() session: Session): void {
    count(session);
  }

  @Get('redirect')
  @Redirect('/elsewhere')
  redirect(@Session() session: Session): void {
    count(session);
  }

  @Get('file')
  file(@Session() session: Session): StreamableFile {
    return new StreamableFile(Buffer.from(`n=${count(session)}`));
  }

  @Get('destroy')
  destroy(@Session() session: Session): string {
    session.destroy();
    return 'gone';
  }

  @Sse('sse')
  sse(@Session() session: Session): Observable<{ data: string }> {
    return from([{ data: `n=${count(session)}` }]);
  }

  @Get('res-send')
  resSend(@Session() session: Session, @Res() response: AnyResponse): void {
    response.send(`n=${count(session)}`);
  }

  @Get('res-later')
  async resLater(@Session() session: Session, @Res() response: AnyResponse): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    response.send(`n=${count(session)}`);
  }

  @Get('res-redirect')
  resRedirect(@Session() session: Session, @Res() response: AnyResponse): void {
    count(session);
    response.status(302).redirect('/elsewhere');
  }

  @Get('res-destroy')
  resDestroy(@Session() session: Session, @Res() response: AnyResponse): void {
    session.destroy();
    response.send('gone');
  }

  @Get('raw-end')
  rawEnd(@Session() session: Session, @Res() response: object): void {
    rawResponse(response).end(`n=${count(session)}`);
  }

  @Get('raw-write')
  rawWrite(@Session() session: Session, @Res() response: object): void {
    const raw = rawResponse(response);
    const n = count(session);
    raw.write('n=');
    raw.end(String(n));
  }

  @Get('raw-write-head')
  rawWriteHead(@Session() session: Session, @Res() response: object): void {
    const n = count(session);
    rawResponse(response).writeHead(203, { 'X-Own': 'yes' }).end(`n=${n}`);
  }

  @Get('raw-flush')
  rawFlush(@Session() session: Session, @Res() response: object): void {
    const raw = rawResponse(response);
    const n = count(session);
    raw.flushHeaders();
    setImmediate(() => raw.end(`n=${n}`));
  }

  @Get('raw-pipe')
  rawPipe(@Session() session: Session, @Res() response: object): void {
    count(session);
    const chunk = Buffer.alloc(16_384, 'x');
    Readable.from(Array.from({ length: 64 }, () => chunk)).pipe(rawResponse(response));
  }

  @Get('denied')
  @UseGuards(DenyingGuard)
  denied(): string {
    return 'let in';
  }

  @Get('throws')
  throws(@Session() session: Session): never {
    count(session);
    throw new ForbiddenException();
  }

  @Get('filtered')
  @UseFilters(WritingFilter)
  filtered(): never {
    throw new Error('to be filtered');
  }

  @Get('read')
  read(@Session() session: Session): string {
    return `n=${session.get('n')}`;
  }

  @Get('unused')
  unused(): string {
    return 'unused';
  }
}

@Module({ controllers: [PathsController] })
export class PathsModule implements NestModule {
  constructor(private readonly sessions: SessionManager) {}

  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply((request: object, response: object, next: () => void) => {
        count(this.sessions.open(request, response));
        next();
      })
      .forRoutes('nowhere');
  }
}

/** Middleware of the application, which is older than the module's. */
export function useCounter(app: INestApplication): void {
  const sessions = app.get(SessionManager);
  app.use((request: { url?: string }, response: object, next: () => void) => {
    if (request.url?.startsWith('/early') === true) {
      count(sessions.open(request, response));
      rawResponse(response).end('early');
    } else next();
  });
}

export interface Path {
  readonly path: string;
  readonly method?: string;
  readonly status: number;
  /** Text of the answer, where it is worth a look. */
  readonly text?: string | RegExp;
  /** Whether the interceptor awaits the save; otherwise the response itself waits. */
  readonly byInterceptor?: boolean;
  readonly isEnd?: boolean;
}

/** All ways by which a response leaves. */
export const PATHS: readonly Path[] = [
  { path: '/text', status: 200, text: 'n=2', byInterceptor: true },
  { path: '/json', status: 200, text: '{"n":2}', byInterceptor: true },
  { path: '/large', status: 200, text: 'n=2', byInterceptor: true },
  { path: '/head', method: 'HEAD', status: 200, byInterceptor: true },
  { path: '/redirect', status: 302, byInterceptor: true },
  { path: '/file', status: 200, text: 'n=2', byInterceptor: true },
  { path: '/destroy', status: 200, text: 'gone', byInterceptor: true, isEnd: true },
  // The first event passes the interceptor, and most releases of Nest send the headers with it.
  { path: '/sse', status: 200, text: /data: n=2/, byInterceptor: true },
  { path: '/res-send', status: 200, text: 'n=2' },
  { path: '/res-later', status: 200, text: 'n=2' },
  { path: '/res-redirect', status: 302 },
  { path: '/res-destroy', status: 200, text: 'gone', isEnd: true },
  { path: '/raw-end', status: 200, text: 'n=2' },
  { path: '/raw-write', status: 200, text: 'n=2' },
  { path: '/raw-write-head', status: 203, text: 'n=2' },
  { path: '/raw-flush', status: 200, text: 'n=2' },
  { path: '/raw-pipe', status: 200, text: /^x{1048576}$/ },
  { path: '/denied', status: 403 },
  { path: '/throws', status: 403 },
  { path: '/filtered', status: 418, text: 'filtered' },
  { path: '/nowhere', status: 404 },
  { path: '/early', status: 200, text: 'early' },
];
