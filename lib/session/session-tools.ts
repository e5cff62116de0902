import type { SessionSettings } from '../options/session.settings.js';
import { CookieKeeper } from './cookie-keeper.js';
import { SessionEvents } from './session-events.js';
import type { KeptSession, SessionKeeper } from './session-keeper.js';
import { SessionLoader } from './session-loader.js';
import type { SessionLog } from './session-log.js';
import { SessionSealer } from './session-sealer.js';
import { SessionStorage } from './session-storage.js';
import { StoreKeeper } from './store-keeper.js';

/** What the sessions of one manager share. */
export interface SessionTools {
  readonly settings: SessionSettings;
  readonly log: SessionLog;
  readonly loader: SessionLoader;
  readonly sealer: SessionSealer;
  /** `undefined`: the cookie keeps the session. */
  readonly storage: SessionStorage | undefined;
  /** Says where a session is kept. */
  readonly keeperOf: (session: KeptSession) => SessionKeeper;
  /** `undefined` where the application has no hooks. */
  readonly events: SessionEvents | undefined;
  /** Whether NODE_ENV is `production`. */
  readonly isProduction: boolean;
}

/** Makes what the sessions of one manager share. */
export function makeTools(settings: SessionSettings, log: SessionLog): SessionTools {
  const loader = new SessionLoader(settings, log);
  const storage = settings.store && new SessionStorage(settings, settings.store, loader, log);
  const cookieKeeper = new CookieKeeper(loader, settings.lifetime);
  return {
    settings,
    log,
    loader,
    sealer: new SessionSealer(settings, log),
    storage,
    keeperOf: storage === undefined ? () => cookieKeeper : (session) => new StoreKeeper(session, storage, loader, log),
    events: SessionEvents.of(settings.name, settings.events, log),
    isProduction: process.env['NODE_ENV'] === 'production',
  };
}
