import type { Application } from './applications.js';

/**
 * Puts what the others are compared with among them, so many times, and the same as often once more: how far one is from
 * the other is the noise. It has more processes than the others, as every ratio depends on it.
 */
export function withReference(
  applications: readonly Application[],
  reference: Application,
  copies: number,
): Application[] {
  const again = { ...reference, name: `${reference.name}, again` };
  const places = 2 * copies;
  const at = (place: number) => Math.round((place * applications.length) / places);
  return Array.from({ length: places }, (_, place) => {
    // One, the other, the other, the one: who is started first is not always the same.
    const own = (place + 1) % 4 < 2 ? reference : again;
    return [own, ...applications.slice(at(place), at(place + 1))];
  }).flat();
}
