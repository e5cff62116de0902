import type { SessionRejectReason } from '../codec/session-codec.js';
import type { TokenFacts, TokenKind } from './token-facts.js';

/** What a judgement depends on besides the token. */
export interface JudgeOptions {
  /** Newest first; none: nothing is verified. */
  readonly secrets: readonly string[];
  /** `maxAge` of the application in seconds. @default none */
  readonly maxAge?: number | undefined;
  /** `absoluteMaxAge` of the application in seconds. @default none */
  readonly absoluteMaxAge?: number | undefined;
  /** A NumericDate in whole seconds. */
  readonly now: number;
}

/** Whether a token is accepted, as an application with these secrets and lifetimes decides. */
export interface Judgement {
  readonly verdict: 'accepted' | 'rejected' | 'unchecked';
  /** As `onReject` is told it. */
  readonly reason?: SessionRejectReason | undefined;
  /** The format, where it is known by now. */
  readonly kind?: TokenKind | undefined;
  /** What an authentic token says. */
  readonly facts?: TokenFacts | undefined;
  /** Names of the keys that the secrets give; in our own formats. */
  readonly kids?: readonly string[];
  /** Whether an older secret made the token. */
  readonly isStale?: boolean;
}
