import { median } from '../measure/statistics.js';
import { settingOf } from '../settings.js';
import type { Platform } from './platform.js';
import type { Profile } from './profile.js';
import { ServerProcess } from './server-process.js';

/** What a request of one application costs, beside the time that it takes. */
export interface Costs {
  readonly name: string;
  /** Bytes of the heap that a request allocates, garbage and all. */
  readonly bytes: number;
  /** Self time by owner of the code, in microseconds. */
  readonly profile: Profile;
}

/** So few that they fit into the space for new objects, and are seldom collected meanwhile; and how often. */
const [COUNTED, COUNTS] = [20, 51] as const;

/** So often each is profiled, by turns: what disturbs the machine for a while disturbs one of them. */
const ROUNDS = 5;

const VARIANTS = [
  'empty interceptor',
  'nestjs-sessions, untouched',
  'nestjs-sessions, read',
  'floor, read',
  'nestjs-sessions, written',
  'floor, written',
];

/** Costs of a request in one process, of the round that took least; after `warmUp` requests. */
export async function costsOn(platform: Platform, requests: number, warmUp: number): Promise<Costs[]> {
  const setting = settingOf(platform);
  const servers = await Promise.all(VARIANTS.map((variant) => ServerProcess.start({ variant, setting })));
  for (const server of servers) await server.ask({ times: warmUp });
  const profiles: Profile[][] = servers.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, server] of servers.entries()) profiles[index]?.push(await server.profileOf(requests));
  }
  const costs: Costs[] = [];
  for (const [index, server] of servers.entries()) {
    const least = profiles[index]?.toSorted((a, b) => totalOf(a) - totalOf(b))[0] ?? {};
    const perRequest = Object.entries(least).map(([owner, time]) => [owner, time / requests] as const);
    const counts: number[] = [];
    for (let count = 0; count < COUNTS; count++) counts.push(await server.ask({ bytesOf: COUNTED }));
    const bytes = median(counts) / COUNTED;
    costs.push({ name: VARIANTS[index] ?? '', bytes, profile: Object.fromEntries(perRequest) });
    server.stop();
  }
  return costs;
}

function totalOf(profile: Profile): number {
  return Object.values(profile).reduce((sum, time) => sum + time, 0);
}
