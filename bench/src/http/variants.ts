import { baselines } from './baselines.js';
import { floors } from './floors.js';
import { ours } from './ours.js';
import { expressPeers } from './peers/express.js';
import { fastifyPeers } from './peers/fastify.js';
import { ironSession } from './peers/iron-session.js';
import { scopes } from './scope.js';
import type { Platform } from './platform.js';
import type { Variant } from './variant.js';

const VARIANTS: readonly Variant[] = [
  ...baselines,
  ...floors,
  ...ours,
  ...scopes,
  ...expressPeers,
  ...fastifyPeers,
  ...ironSession,
];

/** All that run on a platform. */
export function variantsOn(platform: Platform): readonly Variant[] {
  return VARIANTS.filter(({ platforms }) => platforms.includes(platform));
}

/** @throws Error where there is none of that name */
export function variantOf(name: string): Variant {
  const variant = VARIANTS.find((each) => each.name === name);
  if (variant === undefined) throw new Error(`There is no variant called ${name}.`);
  return variant;
}
