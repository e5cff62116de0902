import { Module } from '@nestjs/common';
import { SessionModule } from 'nestjs-sessions';
import { sessionSecret } from '../login/secret.js';
import { NotesController } from './notes.controller.js';
import { SampleStore, SampleStoreModule } from './sample-store.js';

@Module({
  imports: [
    SampleStoreModule,
    SessionModule.forRootAsync({
      imports: [SampleStoreModule],
      inject: [SampleStore],
      useFactory: ({ store }: SampleStore) => ({ secretKey: sessionSecret(), store }),
    }),
  ],
  controllers: [NotesController],
})
export class AppModule {}
