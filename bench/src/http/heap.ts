import { type HeapRequests, settingOf } from '../settings.js';
import { send } from './load.js';
import type { Platform } from './platform.js';
import { ServerProcess } from './server-process.js';

/** What the heap has grown to, a line for each application. */
export async function heapsOn(platform: Platform, { first, more }: HeapRequests): Promise<string[]> {
  const heaps: string[] = [];
  for (const variant of ['empty interceptor', 'nestjs-sessions, read', 'nestjs-sessions, written']) {
    const server = await ServerProcess.start({ variant, setting: settingOf(platform) });
    const sizes: string[] = [];
    for (const requests of [first, more]) {
      await send(server, { requests, connections: 10 });
      sizes.push(`${mib(await server.ask('heap'))} MiB`);
    }
    server.stop();
    heaps.push(`${platform}: ${variant}: ${sizes.join(` after ${first} requests, `)} after ${more} more`);
  }
  return heaps;
}

function mib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
