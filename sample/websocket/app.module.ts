import { Module } from '@nestjs/common';
import { SessionModule } from 'nestjs-sessions';
import { sessionSecret } from '../login/secret.js';
import { ChatController } from './chat.controller.js';
import { ChatGateway } from './chat.gateway.js';

@Module({
  imports: [SessionModule.forRootAsync({ useFactory: () => ({ secretKey: sessionSecret() }) })],
  controllers: [ChatController],
  providers: [ChatGateway],
})
export class AppModule {}
