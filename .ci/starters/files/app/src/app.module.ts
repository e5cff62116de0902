import { Module } from '@nestjs/common';
import { SessionModule } from 'nestjs-sessions';
import { cookieSession } from 'nestjs-sessions/interop';
import { AppController } from './app.controller.js';
import { AppService } from './app.service.js';
import { VisitsController } from './visits.controller.js';

const secretKey = process.env.SESSION_SECRET ?? 'a secret of at least thirty-two bytes';

@Module({
  imports: [
    SessionModule.forRoot({
      secretKey,
      accept: [cookieSession({ keys: [secretKey], acceptUntil: new Date('2100-01-01') })],
    }),
  ],
  controllers: [AppController, VisitsController],
  providers: [AppService],
})
export class AppModule {}
