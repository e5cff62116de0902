import type { RawResponse } from './raw-http.js';

/**
 * Calls back once when a response has finished or its client has gone; where it has ended already, as soon as the running
 * code returns. Nothing stays on the response.
 */
export function onFinished(response: RawResponse | undefined, listener: () => void): void {
  if (response === undefined || response.writableEnded || response.destroyed) return queueMicrotask(listener);
  const finish = () => {
    response.off('finish', finish).off('close', finish);
    listener();
  };
  response.on('finish', finish).on('close', finish);
}
