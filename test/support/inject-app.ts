import { Body, Controller, ForbiddenException, Get, Module, Post, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Session, SessionManager, SessionModule, SessionService } from 'nestjs-sessions';

/** A program that injects requests into its own Fastify application and prints what came back, line by line, as JSON. */
@Controller()
class CountingController {
  constructor(private readonly injected: SessionService) {}

  @Get('read')
  read(@Session() session: Session): string {
    return `${session.get('n')} ${session === this.injected}`;
  }

  @Post('current')
  current(@Session() session: Session, @Body() body: { text: string }): string {
    return `${body.text} ${session === app.get(SessionManager).current()}`;
  }

  @Get('write')
  write(): void {
    this.injected.set('n', (this.injected.get('n') ?? 0) + 1);
  }

  @Get('by-hand')
  byHand(@Session() session: Session, @Res() reply: { send(text: string): void }): void {
    session.set('n', 10);
    reply.send('sent');
  }

  @Get('throws')
  throws(@Session() session: Session): never {
    session.set('n', 20);
    throw new ForbiddenException();
  }
}

@Module({
  imports: [SessionModule.forRoot('a secret of thirty-two bytes: ok', { currentSession: true })],
  controllers: [CountingController],
})
class AppModule {}

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), { logger: false });
app.use((request: object, response: object, next: () => void) => {
  const session = app.get(SessionManager).open(request, response);
  if ((request as { url?: string }).url === '/nowhere') session.set('n', 30);
  next();
});
await app.init();

let cookie = '';
for (const url of ['/read', '/write', '/write', '/read', '/by-hand', '/throws', '/nowhere', '/read']) {
  const { statusCode, payload, headers } = await app.inject({ url, headers: { cookie } });
  const lines = [headers['set-cookie'] ?? []].flat();
  cookie = lines[0]?.split(';')[0] ?? cookie;
  const { data } = JSON.parse(Buffer.from(cookie.split('.')[1] ?? 'e30', 'base64url').toString('utf8'));
  const text = statusCode === 200 ? payload : '';
  process.stdout.write(`${JSON.stringify([url, statusCode, text, lines.length, headers.vary, data?.n])}\n`);
}
const { payload: current } = await app.inject({ method: 'POST', url: '/current', payload: { text: 'body' } });
process.stdout.write(`${JSON.stringify(current)}\n`);
await app.close();
