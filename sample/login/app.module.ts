import { Module } from '@nestjs/common';
import { SessionModule } from 'nestjs-sessions';
import { LoginController } from './login.controller.js';
import { sessionSecret } from './secret.js';

@Module({
  imports: [SessionModule.forRootAsync({ useFactory: () => ({ secretKey: sessionSecret() }) })],
  controllers: [LoginController],
})
export class AppModule {}
