// One application in a process of its own: says where it listens, then answers what it is asked.
import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { map } from 'rxjs';
import type { ApplicationFactory, Order } from './apps/application.js';
import { beginProfile, type Profile, type Resource } from './profile.js';

/** Microseconds of CPU time so far; bytes in the heap and beside it, before or after a collection; a profile, from begin to end. */
export type Question = 'cpu' | 'allocated' | 'collected' | 'end' | `begin ${Resource}`;

/** The least that an interceptor takes; and the least that it takes to do something once the handler has answered. */
const INTERCEPTORS = {
  none: [],
  empty: [{ intercept: (_: ExecutionContext, next: CallHandler) => next.handle() }],
  afterwards: [{ intercept: (_: ExecutionContext, next: CallHandler) => next.handle().pipe(map((value) => value)) }],
} satisfies Record<Order['interceptor'], NestInterceptor[]>;

let end: (() => Promise<Profile>) | undefined;

async function answerTo(question: Question): Promise<unknown> {
  if (question === 'end') return end?.();
  if (question === 'begin cpu' || question === 'begin heap') {
    end = await beginProfile(question === 'begin cpu' ? 'cpu' : 'heap');
    return true;
  }
  if (question === 'collected') globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { heapUsed, external } = process.memoryUsage();
  return question === 'cpu' ? user + system : heapUsed + external;
}

const order = JSON.parse(process.argv[2] ?? '') as Order;
const { application } = (await import(`./apps/${order.app}.js`)) as { readonly application: ApplicationFactory };
const { prepare, ...parts } = await application(order);
const providers = INTERCEPTORS[order.interceptor].map((useValue) => ({ provide: APP_INTERCEPTOR, useValue }));
const app = await NestFactory.create(
  { module: class {}, ...parts, providers },
  order.platform === 'Express' ? new ExpressAdapter() : new FastifyAdapter(),
  { logger: false },
);
await prepare?.(app);
await app.listen(0, '127.0.0.1');
process.on('disconnect', () => process.exit(0));
process.on('message', (question: Question) => void answerTo(question).then((answer) => process.send?.(answer)));
process.send?.(((app.getHttpServer() as Server).address() as AddressInfo).port);
