import type { Platform } from '../http/platform.js';

/** The titles of the tables, by which goals find them. */
export const titles = {
  codec: (size: number) => `Codec, ${size} bytes of JSON`,
  http: (platform: Platform) => `${titleOf(platform)}, in one process`,
  sockets: (platform: Platform) => `${titleOf(platform)}, over sockets`,
  growth: (platform: Platform) => `${titleOf(platform)}, what a request costs more`,
  concurrency: (platform: Platform) => `${titleOf(platform)}, requests at once`,
  costs: (platform: Platform) => `${titleOf(platform)}, where the time goes`,
};

function titleOf(platform: Platform): string {
  return platform === 'express' ? 'Express' : 'Fastify';
}
