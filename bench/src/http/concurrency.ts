import type { Rounds } from '../measure/rounds.js';
import type { Samples } from '../measure/samples.js';
import { AGAIN } from '../measure/again.js';
import { settingOf } from '../settings.js';
import { type Effort, measureApplications, overSockets } from './applications.js';
import type { Platform } from './platform.js';
import { REFERENCE } from './reference.js';

const CONNECTIONS = [1, 16, 64, 256] as const;

/** Costs of a request when 1 to 256 of them come at once. */
export async function measureConcurrency(
  platform: Platform,
  effort: Effort & { readonly sockets: Rounds },
): Promise<Samples> {
  const setting = settingOf(platform);
  const variants = [REFERENCE, 'nestjs-sessions, read', 'nestjs-sessions, written'];
  const again = { name: REFERENCE + AGAIN, variant: REFERENCE, setting };
  const applications = [...variants.map((name) => ({ name, variant: name, setting })), again];
  const ways = CONNECTIONS.map((connections) => overSockets(effort.sockets, connections));
  const found = await measureApplications(applications, effort, ways);
  const samples = applications.flatMap(({ name }) =>
    CONNECTIONS.map((connections, way) => [`${name}, ${connections} at once`, found[way]?.get(name) ?? []] as const),
  );
  return new Map(samples);
}
