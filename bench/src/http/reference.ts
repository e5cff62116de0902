import type { Application } from './applications.js';

/**
 * Puts what the others are compared with among them, so many times, each time beside the same once more: how far one is
 * from the other is the noise. It has more processes than the others, as every ratio depends on it.
 */
export function withReference(
  applications: readonly Application[],
  reference: Application,
  copies: number,
): Application[] {
  const again = { ...reference, name: `${reference.name}, again` };
  const at = (copy: number) => Math.round((copy * applications.length) / copies);
  return Array.from({ length: copies }, (_, copy) => {
    // The other way round each time: who is started first is not always the same.
    const pair = copy % 2 === 0 ? [reference, again] : [again, reference];
    return [...pair, ...applications.slice(at(copy), at(copy + 1))];
  }).flat();
}
