import { assertKey } from '../data/tracked-data.js';
import type { SessionService } from './session.service.js';

/** Where flash values stand in the data. */
export const FLASH = '$flash';

/** Keeps a value for the next request that asks for it. */
export function putFlash(session: SessionService, key: string, value: unknown): void {
  assertKey(key);
  // JSON has no such value: it would leave an empty object behind.
  if (value === undefined) return void takeFlash(session, key);
  session.set(FLASH, { ...valuesOf(session), [key]: value });
}

/** Takes a value out; a session that has none is not changed, and not begun. */
export function takeFlash(session: SessionService, key: string): unknown {
  const values = valuesOf(session);
  if (values === undefined || !Object.hasOwn(values, key)) return undefined;
  const { [key]: value, ...rest } = values;
  if (Object.keys(rest).length === 0) session.delete(FLASH);
  else session.set(FLASH, rest);
  return value;
}

function valuesOf(session: SessionService): Record<string, unknown> | undefined {
  const values: unknown = session.get(FLASH);
  return typeof values === 'object' && values !== null ? (values as Record<string, unknown>) : undefined;
}
