import type { StoreSettings } from '../options/store-options.js';
import type { SessionLog } from './session-log.js';

/** How many sessions are removed at once, so that no table is locked for long. */
const LIMIT = 1000;

/**
 * Removes expired sessions from time to time, from a store that does not do so itself: at intervals that vary by a tenth, so
 * that instances that were started together do not sweep together. The timer keeps no process alive.
 *
 * @returns stops it
 */
export function sweepRegularly({ store, sweepEvery }: StoreSettings, log: SessionLog): () => void {
  if (sweepEvery === false || store.sweep === undefined) return () => undefined;
  let timer: NodeJS.Timeout;
  const next = () => {
    timer = setTimeout(() => void sweep(), sweepEvery * 1000 * (0.9 + Math.random() / 5)).unref();
  };
  let isStopped = false;
  const sweepAll = async (): Promise<void> => {
    const count = (await store.sweep?.(LIMIT)) ?? 0;
    if (count >= LIMIT && !isStopped) await sweepAll();
  };
  const sweep = async () => {
    try {
      await sweepAll();
    } catch {
      // An application that closes may have closed its client meanwhile.
      if (isStopped) return;
      log.warnOnce(
        'Cannot remove expired sessions from the store: it fails. They are no longer valid, but take up room.',
      );
    }
    if (!isStopped) next();
  };
  next();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
