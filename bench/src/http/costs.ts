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

/** So few that they fit into the space for new objects, and are not collected meanwhile. */
const COUNTED = 200;

/** Costs of requests in one process, after `warmUp` of them. */
export async function costsOn(platform: Platform, requests: number, warmUp: number): Promise<Costs[]> {
  const costs: Costs[] = [];
  for (const variant of [
    'empty interceptor',
    'nestjs-sessions, untouched',
    'nestjs-sessions, read',
    'floor, read',
    'nestjs-sessions, written',
    'floor, written',
  ]) {
    const server = await ServerProcess.start({ variant, setting: settingOf(platform) });
    await server.ask({ times: warmUp });
    const profile = await server.profileOf(requests);
    const perRequest = Object.entries(profile).map(([owner, time]) => [owner, time / requests] as const);
    const bytes = (await server.ask({ bytesOf: COUNTED })) / COUNTED;
    costs.push({ name: variant, bytes, profile: Object.fromEntries(perRequest) });
    server.stop();
  }
  return costs;
}
