import { Lifetime } from '../codec/lifetime.js';
import { RecordCipher } from '../codec/record-cipher.js';
import { KeyRing } from '../crypto/key-ring.js';
import { type DataFormat, JSON_FORMAT, serializerFormat } from '../data/data-format.js';
import { RequestContext } from '../http/request-context.js';
import { AttributesByRequest } from './cookie-attributes.js';
import type { ParsedOptions } from './defaults.js';
import { SharedLimits } from './header-budget.js';
import { sessionOption } from './option-errors.js';
import { parseOptions } from './parse-options.js';
import { parseSecrets } from './secrets.js';
import type { SessionEventHooks } from './session.events.js';
import { DEFAULT_NAME, type SessionModuleOptions } from './session.options.js';
import { parseStore, type StoreSettings } from './store-options.js';
import { type Transports, transportsOf } from './transports.js';

/** The options as the rest of the package uses them: checked, complete and frozen, with keys instead of secrets. */
export interface SessionSettings {
  /** Name of the session. @default 'default' */
  readonly name: string;
  /** The first transport writes, all of them read. */
  readonly transports: Transports;
  /** How the data is serialized. */
  readonly format: DataFormat;
  readonly lifetime: Lifetime;
  /** The cookies' attributes for a request. */
  readonly attributes: AttributesByRequest;
  /** Size limits, shared among the sessions of an application. */
  readonly limits: SharedLimits;
  readonly expireOnBrowserClose: boolean;
  readonly cacheHeaders: boolean;
  /** `undefined`: the cookie holds the session. */
  readonly store: StoreSettings | undefined;
  /** Encrypts what a store has, if the option `encrypt` says so. */
  readonly recordCipher: RecordCipher;
  readonly schema: SessionModuleOptions['schema'];
  readonly onAccept: SessionModuleOptions['onAccept'];
  readonly onReject: SessionModuleOptions['onReject'];
  readonly events: SessionEventHooks;
  /** Which request is running; `undefined` unless the option `currentSession` asks for it. */
  readonly context: RequestContext | undefined;
}

/** The injection token of the settings. */
export const SESSION_SETTINGS = Symbol('SESSION_SETTINGS');

/** Settings that were resolved already: `forRoot` does that at once, so that nothing keeps the secret. */
const resolved = new WeakSet<object>();

/**
 * Turns options into settings; settings are returned as they are.
 *
 * @param name as in `SessionModule.forRoot({ name })`
 * @throws SessionError at start, for impossible options; its message names the option and the remedy
 */
export function resolveSettings(
  given: SessionModuleOptions | SessionSettings,
  name: string = DEFAULT_NAME,
): SessionSettings {
  if (isResolved(given)) return given;
  const options = parseOptions(given);
  const {
    codec,
    maxAge,
    absoluteMaxAge,
    rolling,
    expireOnBrowserClose,
    cacheHeaders,
    store,
    schema,
    onAccept,
    onReject,
    onCreate,
    onRenew,
    onDestroy,
    onSaveFailed,
    serializer,
  } = options;
  const format = serializer === undefined ? JSON_FORMAT : serializerFormat(serializer);
  const limits = new SharedLimits(options.cookieCount);
  // What the other side of a codec does not accept any more is not valid here either.
  const lifetime = new Lifetime({ maxAge: Math.min(maxAge, codec?.maxAge ?? maxAge), absoluteMaxAge, rolling });
  const settings: SessionSettings = Object.freeze({
    name,
    ...sealersOf(options, format, limits),
    format,
    lifetime,
    attributes: new AttributesByRequest(options),
    limits,
    expireOnBrowserClose,
    cacheHeaders,
    store: store && parseStore(store, sessionOption),
    schema,
    onAccept,
    onReject,
    context: options.currentSession ? new RequestContext() : undefined,
    events: Object.freeze({ onCreate, onRenew, onDestroy, onSaveFailed }),
  });
  resolved.add(settings);
  return settings;
}

function isResolved(given: SessionModuleOptions | SessionSettings): given is SessionSettings {
  return typeof given === 'object' && given !== null && resolved.has(given);
}

/** Makes what holds keys, and forgets the secrets. */
function sealersOf(
  options: ParsedOptions,
  format: DataFormat,
  limits: SharedLimits,
): Pick<SessionSettings, 'transports' | 'recordCipher'> {
  const { secretKey, cookieName, encrypt } = options;
  const secrets = parseSecrets(secretKey);
  try {
    return {
      transports: transportsOf(options, secrets, format, limits),
      recordCipher: new RecordCipher(new KeyRing(secrets, 'A256GCM', cookieName), encrypt),
    };
  } finally {
    // The keys are derived; nothing needs the secrets any more.
    for (const secret of secrets) secret.fill(0);
  }
}
