import { assertKey } from '../data/given-values.js';

/** The key of the flash values in the data. */
export const FLASH = '$flash';

/** The part of a session that flash values need. */
export interface FlashStore {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  delete(key: string): boolean;
}

/** Keeps a value for the next request that asks for it. */
export function putFlash(session: FlashStore, key: string, value: unknown): void {
  assertKey(key);
  // JSON has no such value: it would leave an empty object behind.
  if (value === undefined) return void takeFlash(session, key);
  session.set(FLASH, { ...valuesOf(session), [key]: value });
}

/** Takes a value out; a session that has none is not changed, and not begun. */
export function takeFlash(session: FlashStore, key: string): unknown {
  const values = valuesOf(session);
  if (values === undefined || !Object.hasOwn(values, key)) return undefined;
  const { [key]: value, ...rest } = values;
  if (Object.keys(rest).length === 0) session.delete(FLASH);
  else session.set(FLASH, rest);
  return value;
}

function valuesOf(session: FlashStore): Record<string, unknown> | undefined {
  const values: unknown = session.get(FLASH);
  return typeof values === 'object' && values !== null ? (values as Record<string, unknown>) : undefined;
}
