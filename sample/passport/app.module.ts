import { Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { SessionModule } from 'nestjs-sessions';
import { sessionSecret } from '../login/secret.js';
import { AccountController } from './account.controller.js';
import { LocalStrategy } from './local.strategy.js';
import { UserSerializer } from './user.serializer.js';
import { Users } from './users.js';

@Module({
  imports: [
    SessionModule.forRootAsync({ useFactory: () => ({ secretKey: sessionSecret() }) }),
    PassportModule.register({ session: true }),
  ],
  controllers: [AccountController],
  providers: [Users, LocalStrategy, UserSerializer],
})
export class AppModule {}
