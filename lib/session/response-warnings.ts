import { quote } from '../data/quote.js';
import type { HttpExchange } from '../http/http-exchange.js';
import type { SessionLog } from './session-log.js';

/** Which answers with a session cookie are worth a warning. */
export interface WarningSettings {
  readonly secure: boolean | 'auto';
  /** Whether NODE_ENV is `production`: read once, as reading it takes longer than the checks. */
  readonly isProduction: boolean;
}

const TRUST =
  'Trust it: app.set("trust proxy", 1) on Express, new FastifyAdapter({ trustProxy: 1 }) on Fastify, for one proxy.';

/** Warns, once, of a session cookie that browsers refuse or that travels in the clear. */
export function warnOfTransport(exchange: HttpExchange, settings: WarningSettings, log: SessionLog): void {
  if (settings.secure === false || exchange.isSecure) return;
  const { headers } = exchange.request;
  // With several proxies, the first one is that of the client.
  const isForwarded = /^[ \t]*https\b/i.test(String(headers['x-forwarded-proto'] ?? ''));
  if (settings.secure === 'auto' && isForwarded) {
    log.warnOnce(
      `The session cookie is not Secure: X-Forwarded-Proto says https, but the proxy is not trusted. ${TRUST}`,
    );
  } else if (!isForwarded && !isLocal(headers[':authority'] ?? headers.host)) {
    if (settings.secure === true) {
      log.warnOnce(
        'The session cookie is Secure, but the request came over plain HTTP: browsers drop such a cookie from any host but ' +
          'localhost, and the session stays empty. Serve it over HTTPS, or set secure: "auto". If a proxy ends TLS, have it ' +
          'send X-Forwarded-Proto: https.',
      );
    } else if (settings.isProduction) {
      log.warnOnce(
        'The session cookie is not Secure: NODE_ENV is production, but the request came over plain HTTP. Serve it over ' +
          `HTTPS. If a proxy ends TLS, have it send X-Forwarded-Proto: https. ${TRUST} If plain HTTP is meant, set ` +
          'secure: false.',
      );
    }
  }
}

/** Warns, once for each route, of an answer that caches may hand to other users with its session cookie. */
export function warnOfSharedCaches(exchange: HttpExchange, log: SessionLog): void {
  log.warnOnce(
    `The answer to ${quote(exchange.route)} sets the session cookie and may be stored by shared caches: its Cache-Control ` +
      'is public. Make it private; sendFile() and static files take cacheControl: false.',
  );
}

/** Whether Chrome and Firefox accept a Secure cookie over plain HTTP from this host. */
function isLocal(host: string | string[] | undefined): boolean {
  return /^(?:(?:[^:]+\.)?localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(String(host));
}
