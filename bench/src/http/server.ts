// One application in a process of its own; the parent asks it by IPC what it has spent.
import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import type { FromServer, Order } from './protocol.js';
import { create } from './platform.js';
import { variantOf } from './variants.js';

const { variant: name, setting } = JSON.parse(process.argv[2] ?? '') as Order;
const send = (message: FromServer) => process.send?.(message);

process.on('disconnect', () => process.exit(0));
process.on('message', (what) => {
  const { user, system } = process.cpuUsage();
  if (what === 'heap') globalThis.gc?.();
  send({ value: what === 'heap' ? process.memoryUsage().heapUsed : user + system });
});

const variant = variantOf(name);
const app = await create(setting.platform, variant.module(setting));
await variant.prepare?.(app, setting);
await app.listen(0, '127.0.0.1');
send({ port: (app.getHttpServer().address() as AddressInfo).port });
