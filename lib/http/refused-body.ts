import { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import type { Call, Hold, Method } from './hold.js';
import { newProbe } from './probe-headers.js';
import type { RawResponse } from './raw-http.js';

/** As they are now, for the reason of `writeHead` in probe-headers.ts. */
const { write, end } = ServerResponse.prototype as unknown as Record<'write' | 'end', Call>;

/**
 * Throws at this line, or reports to callback and `'error'`, what Node would of a body that cannot be sent or comes after the
 * end: Node itself is asked, by a response that is not sent. Where other software has set a method below ours, that decides.
 *
 * @returns whether it was reported, and the call is not to be made
 */
export function refusesBody(hold: Hold, method: Method, args: readonly unknown[]): boolean {
  if (method !== 'write' && method !== 'end') return false;
  const { response, previous, isEnding } = hold;
  // After the end HTTP/2 destroys the stream: that has to wait, or the response would be lost before it has left.
  const isHttp1 = response instanceof ServerResponse;
  const isLate = isEnding && isHttp1;
  const [chunk, encoding] = args;
  if (previous[method] !== undefined || (method === 'end' && !isBody(chunk, isHttp1))) return false;
  if (!isLate && isPossible(chunk, encoding)) return false;
  const probe = probeOf(response);
  if (isLate) Reflect.apply(end, probe, []);
  // Without the callback, which is the application's: an odd call that Node takes is made when the response is let go.
  Reflect.apply(method === 'end' && isHttp1 ? end : write, probe, isLate ? args : [chunk, encoding]);
  return isLate;
}

/** Whether `end` writes it: an end without a body may be given what is falsy on HTTP/1, and nothing on HTTP/2. */
function isBody(chunk: unknown, isHttp1: boolean): boolean {
  if (typeof chunk === 'function') return false;
  return isHttp1 ? Boolean(chunk) : chunk !== null && chunk !== undefined;
}

/** Without asking Node: the body of almost every response. */
function isPossible(chunk: unknown, encoding: unknown): boolean {
  const isChunk = typeof chunk === 'string' || chunk instanceof Uint8Array;
  return isChunk && (encoding === undefined || typeof encoding === 'function' || Buffer.isEncoding(encoding as string));
}

/** With a socket that sends nothing, because Node leaves encodings to the socket. */
function probeOf(response: RawResponse): RawResponse {
  const probe = newProbe();
  probe.assignSocket(new Writable({ decodeStrings: false, write: (_chunk, _encoding, done) => done() }) as never);
  return probe.on('error', (error) => void (response.destroyed || response.emit('error', error)));
}
