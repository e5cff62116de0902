import { ServerResponse } from 'node:http';
import { newSentProbe } from './probe-headers.js';
import type { RawResponse } from './raw-http.js';

const REFUSED = ['setHeader', 'setHeaders', 'appendHeader', 'removeHeader'] as const;

/** Where express-session and older releases of compression look, to make the headers where there are none yet. */
const MADE = '_header';

/** A response whose headers have left: what Node throws where they are changed, it throws itself. Made when a response is held. */
let sent: ServerResponse | undefined;

/**
 * Has a response look as if its headers had left, so that they leave as they are now: a change of them throws, as with Node, and
 * a change of the status is lost.
 *
 * @returns takes it back
 */
export function lookSent(response: RawResponse, isEnded: () => boolean): () => void {
  const look: PropertyDescriptorMap = {
    headersSent: { get: () => true },
    writableEnded: { get: isEnded },
    statusCode: { value: response.statusCode, writable: true },
  };
  sent ??= newSentProbe();
  if (response instanceof ServerResponse) {
    // A response of HTTP/2 has no message, and warns of one that is read.
    look.statusMessage = { value: response.statusMessage, writable: true };
    look[MADE] = { value: Reflect.get(sent, MADE), writable: true };
  }
  for (const name of REFUSED) if (name in response) look[name] = { value: sent[name].bind(sent), writable: true };
  const before = Object.keys(look).map((name) => [name, Object.getOwnPropertyDescriptor(response, name)] as const);
  for (const [name, property] of Object.entries(look)) {
    Object.defineProperty(response, name, { ...property, configurable: true });
  }
  return () => {
    for (const [name, property] of before) {
      if (property === undefined) Reflect.deleteProperty(response, name);
      else Object.defineProperty(response, name, property);
    }
  };
}
