/** A way of turning a session into what stands in a cookie, and back. */
export interface Contender {
  readonly name: string;
  /** Whether clients can read the data. */
  readonly mode: 'signed' | 'encrypted';
  encode(session: Record<string, unknown>): string | Promise<string>;
  /** @returns the session; throws for what is not authentic */
  decode(token: string): unknown;
}

/** Lifetime of all sessions here, in seconds. */
export const MAX_AGE = 1_209_600;

/** The key of all contenders, 32 bytes. */
export const SECRET = Buffer.alloc(32, 'nestjs-sessions bench ');
