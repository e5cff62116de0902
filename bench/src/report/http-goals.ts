import type { Platform } from '../http/platform.js';
import { REFERENCE } from '../http/reference.js';
import { AGAIN } from '../measure/again.js';
import { type Comparison, OURS } from './comparison.js';

/** What requests of whole applications are to cost. */
export function requestComparisons(platform: Platform): Comparison[] {
  const peers =
    platform === 'express' ? ['cookie-session', 'express-session, memory store'] : ['@fastify/secure-session'];
  const scoped = 'empty request-scoped provider';
  return [
    { name: REFERENCE + AGAIN, other: REFERENCE, limit: 1.02 },
    { name: `${OURS}, untouched`, other: REFERENCE, limit: 1.02, floor: 'interceptor that acts afterwards' },
    { name: `${OURS}, read`, other: REFERENCE, limit: 1.06, floor: 'floor, read' },
    { name: `${OURS}, written`, other: REFERENCE, limit: 1.12, floor: 'floor, written' },
    { name: `${OURS}, injected, untouched`, other: scoped, limit: 1.05, floor: 'floor, injected, untouched' },
    { name: `${OURS}, injected, read`, other: scoped, limit: 1.05, floor: 'floor, injected, read' },
    ...peers.map((peer) => ({ name: `${OURS}, read`, other: `${peer}, read`, limit: 0.85, floor: 'floor, read' })),
  ];
}

/** What hostile or unlucky requests are to cost. */
export const GROWTH_COMPARISONS: readonly Comparison[] = [
  { name: 'read, tampered cookie', other: 'read, valid cookie', limit: 1 },
  { name: 'read, expired cookie', other: 'read, valid cookie', limit: 1 },
  { name: 'read, 10 secrets', other: 'read, valid cookie', limit: 1.02 },
];
