import { settingOf } from '../settings.js';
import { load } from './load.js';
import type { Platform } from './platform.js';
import { ServerProcess } from './server-process.js';

/** Requests that a server has had before its heap is measured at first and at the end. */
export const HEAP_REQUESTS = [5_000, 45_000] as const;

/** What the heap has grown to, a line for each application. */
export async function heapsOn(platform: Platform): Promise<string[]> {
  const heaps: string[] = [];
  for (const variant of ['empty interceptor', 'nestjs-sessions, read', 'nestjs-sessions, written']) {
    const server = await ServerProcess.start({ variant, setting: settingOf(platform) });
    const sizes: string[] = [];
    let sent = 0;
    for (const requests of HEAP_REQUESTS) {
      await load(server, { requests: requests - sent, connections: 10 });
      sent = requests;
      sizes.push(`${mib(await server.ask('heap'))} MiB`);
    }
    server.stop();
    heaps.push(`${platform}: ${variant}: ${sizes.join(' at first, ')} at the end`);
  }
  return heaps;
}

function mib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
