import type { HttpAdapterLike } from '../http/fastify-replies.js';
import { onArrival } from '../http/arrival.js';
import type { SessionManager } from '../session/session.manager.js';

/** The managers of each application, by its HTTP adapter, whose sessions are in a store. */
const applications = new WeakMap<object, SessionManager[]>();

/**
 * Has the session of each request fetched before anybody sees the request; those of several managers at once.
 * Call it before the application is ready.
 */
export function fetchEarly(adapter: HttpAdapterLike & { getHttpServer(): unknown }, manager: SessionManager): void {
  const known = applications.get(adapter);
  if (known !== undefined) {
    known.push(manager);
    return;
  }
  const managers = [manager];
  applications.set(adapter, managers);
  onArrival(adapter, (request, response, proceed) => {
    const fetching = managers.map((each) => each.fetchEarly(request, response)).filter((each) => each !== undefined);
    if (fetching.length === 0) return proceed();
    // Not within the promise: what the application throws there is an uncaught exception, as without us.
    void (fetching.length === 1 ? fetching[0] : Promise.all(fetching))?.then(() => queueMicrotask(proceed));
  });
}
