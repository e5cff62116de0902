import { AGAIN } from '../measure/again.js';
import type { Application } from './applications.js';
import type { Setting } from './variant.js';

/** The application that the others are compared with. */
export const REFERENCE = 'empty interceptor';

/**
 * Puts the reference among the others, so many times, and the same as often once more: how far one is from
 * the other is the noise. It has more processes than the others, as every ratio depends on it.
 */
export function withReference(applications: readonly Application[], setting: Setting, copies: number): Application[] {
  const reference = { name: REFERENCE, variant: REFERENCE, setting };
  const again = { ...reference, name: REFERENCE + AGAIN };
  const places = 2 * copies;
  const at = (place: number) => Math.round((place * applications.length) / places);
  return Array.from({ length: places }, (_, place) => {
    // One, the other, the other, the one: who is started first is not always the same.
    const own = (place + 1) % 4 < 2 ? reference : again;
    return [own, ...applications.slice(at(place), at(place + 1))];
  }).flat();
}
