import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { randomBytes } from 'node:crypto';
import { Session, SessionModule } from 'nestjs-sessions';

@Controller()
class VisitsController {
  @Get()
  count(@Session() session: Session): string {
    session.set('visits', (session.get('visits') ?? 0) + 1);
    return `Visits: ${session.get('visits')}`;
  }
}

@Module({
  imports: [SessionModule.forRoot(process.env.SESSION_SECRET ?? randomBytes(32))],
  controllers: [VisitsController],
})
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['warn', 'error'] });
await app.listen(process.env.PORT ?? 3000, '127.0.0.1');
process.stdout.write(`Open ${await app.getUrl()}\n`);
