import type { SessionSettings } from '../options/session.settings.js';
import type { SessionEvents } from './session-events.js';
import type { KeptSession, SessionKeeper } from './session-keeper.js';
import type { SessionLoader } from './session-loader.js';
import type { SessionLog } from './session-log.js';
import type { SessionSealer } from './session-sealer.js';

/** What the sessions of one manager share. */
export interface SessionTools {
  readonly settings: SessionSettings;
  readonly loader: SessionLoader;
  readonly sealer: SessionSealer;
  /** Says where a session is kept. */
  readonly keeperOf: (session: KeptSession) => SessionKeeper;
  readonly log: SessionLog;
  /** `undefined` where the application has no hooks. */
  readonly events: SessionEvents | undefined;
  /** Whether NODE_ENV is `production`. */
  readonly isProduction: boolean;
}
