// An ES module and a CommonJS library in one process: one class, and one type.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { strict as assert } from 'node:assert';
import { SessionManager, SessionModule } from 'nestjs-sessions';
import { fakeSession } from 'nestjs-sessions/testing';
import { managerOfLibrary, nameOf, VisitorService } from 'visitor-library';

@Module({
  imports: [SessionModule.forRoot('a secret of at least thirty-two bytes')],
  providers: [VisitorService],
})
class AppModule {}

async function main(): Promise<void> {
  const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
  const sessions = app.get(SessionManager);
  assert.equal(managerOfLibrary, SessionManager);
  assert.equal(app.get(VisitorService).sessions, sessions);
  assert.equal(new VisitorService(sessions).sessions, sessions);
  assert.equal(nameOf(fakeSession({ name: 'Ada' })), 'Ada');
  await app.close();
}

void main();
