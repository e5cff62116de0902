import type { Samples } from '../measure/rounds.js';
import { settingOf } from '../settings.js';
import { load } from './load.js';
import type { Platform } from './platform.js';
import { ServerProcess } from './server-process.js';

/** How many times `requests` a server has had before its heap is measured at first and at the end. */
export const HEAP_ROUNDS = [1, 11] as const;

/** From one connection to many, and what the heap has grown to. */
export async function measureConcurrency(
  platform: Platform,
  requests: number,
): Promise<{ samples: Samples; heaps: string[] }> {
  const samples = new Map<string, number[]>();
  const heaps: string[] = [];
  for (const variant of ['empty interceptor', 'nestjs-sessions, read', 'nestjs-sessions, written']) {
    const server = await ServerProcess.start({ variant, setting: settingOf(platform) });
    await load(server, { requests, connections: 10 });
    const before = await server.ask('heap');
    for (const connections of [1, 16, 64, 256]) {
      const spent = await load(server, { requests, connections });
      samples.set(`${variant}, ${connections} at once`, [spent / requests]);
    }
    await load(server, { requests: requests * 6, connections: 10 });
    heaps.push(`${variant}: ${mib(before)} MiB at first, ${mib(await server.ask('heap'))} MiB at the end`);
    server.stop();
  }
  return { samples, heaps };
}

function mib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
