import { createHash } from 'node:crypto';
import type { RawRequest } from '../http/raw-http.js';
import type { SessionEvent, SessionEventHooks, SessionRenewalReason } from '../options/session.events.js';
import { SessionError } from '../session.errors.js';
import { callHook } from './call-hook.js';
import type { SessionLog } from './session-log.js';
import type { SealedCookie } from './session-sealer.js';
import type { SessionState } from './session-state.js';

/** How long a handle is, in characters: 96 bits. */
const HANDLE_LENGTH = 16;

/** Tells the application what has happened to sessions. */
export class SessionEvents {
  readonly #name: string;
  readonly #hooks: SessionEventHooks;
  readonly #log: SessionLog;

  constructor(name: string, hooks: SessionEventHooks, log: SessionLog) {
    this.#name = name;
    this.#hooks = hooks;
    this.#log = log;
  }

  /** The events of a manager; `undefined` where the application has no hook, so that nothing is done for them. */
  static of(name: string, hooks: SessionEventHooks, log: SessionLog): SessionEvents | undefined {
    const isUsed = Object.values(hooks).some((hook) => hook !== undefined);
    return isUsed ? new SessionEvents(name, hooks, log) : undefined;
  }

  /** Call it when the headers have left. @param sent what they have taken along */
  sent(state: SessionState, { written, reason }: SealedCookie, request: RawRequest): void {
    const { broughtId, hasEnded } = state;
    if (reason === undefined) return;
    const isEnd = reason === 'deleted' || (written?.claims.jti !== broughtId && hasEnded);
    if (isEnd && broughtId !== undefined) this.#destroyed(broughtId, hasEnded ? 'destroyed' : 'emptied', request);
    if (written === undefined || reason === 'deleted') return;
    const { jti, exp } = written.claims;
    const expiresAt = new Date(exp * 1000);
    if (broughtId === undefined || isEnd) this.#created(jti, expiresAt, request);
    else if (broughtId !== jti)
      this.#renewed(jti, { reason: 'regenerated', previousId: broughtId, expiresAt }, request);
    else if (reason !== 'changed') this.#renewed(jti, { reason, expiresAt }, request);
  }

  /** Call it when the headers have left without the session. */
  saveFailed(state: SessionState, error: unknown, request: RawRequest): void {
    const { onSaveFailed } = this.#hooks;
    if (onSaveFailed === undefined) return;
    const code = error instanceof SessionError ? error.code : undefined;
    const id = state.broughtId ?? state.id;
    this.#call('onSaveFailed', 'a session that was not saved', () =>
      onSaveFailed({ ...this.#event(id), code }, request),
    );
  }

  #created(id: string, expiresAt: Date, request: RawRequest): void {
    const { onCreate } = this.#hooks;
    if (onCreate === undefined) return;
    this.#call('onCreate', 'a new session', () => onCreate({ ...this.#event(id), expiresAt }, request));
  }

  #renewed(
    id: string,
    renewal: { readonly reason: SessionRenewalReason; readonly previousId?: string; readonly expiresAt: Date },
    request: RawRequest,
  ): void {
    const { onRenew } = this.#hooks;
    if (onRenew === undefined) return;
    const { reason, previousId, expiresAt } = renewal;
    const previous = previousId === undefined ? {} : { previousHandle: handleOf(previousId) };
    this.#call('onRenew', 'a renewed session', () =>
      onRenew({ ...this.#event(id), reason, ...previous, expiresAt }, request),
    );
  }

  #destroyed(id: string, reason: 'destroyed' | 'emptied', request: RawRequest): void {
    const { onDestroy } = this.#hooks;
    if (onDestroy === undefined) return;
    this.#call('onDestroy', 'the end of a session', () => onDestroy({ ...this.#event(id), reason }, request));
  }

  #call(name: string, subject: string, call: () => unknown): void {
    callHook({ name, subject, call }, this.#log);
  }

  #event(id: string): SessionEvent {
    return { name: this.#name, handle: handleOf(id) };
  }
}

/** Names a session in logs: its id has 128 random bits, which cannot be found from a hash. */
function handleOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, HANDLE_LENGTH);
}
