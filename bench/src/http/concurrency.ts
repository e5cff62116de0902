import type { Samples } from '../measure/rounds.js';
import { settingOf } from '../settings.js';
import { atOnce, type Effort, measureApplications } from './applications.js';
import type { Platform } from './platform.js';

/** Costs of a request when 1 to 256 of them come at once. */
export async function measureConcurrency(platform: Platform, effort: Effort): Promise<Samples> {
  const setting = settingOf(platform);
  const samples = new Map<string, readonly number[]>();
  for (const connections of [1, 16, 64, 256]) {
    const applications = ['empty interceptor', 'nestjs-sessions, read', 'nestjs-sessions, written'].map((variant) => {
      return { name: `${variant}, ${connections} at once`, variant, setting };
    });
    const found = await measureApplications(applications, atOnce(connections), effort);
    for (const [name, times] of found) samples.set(name, times);
  }
  return samples;
}
