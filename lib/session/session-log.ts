import { Logger } from '@nestjs/common';

/** How many warnings are remembered, so that clients cannot fill the memory: those after them are not logged. */
const MAX_WARNINGS = 100;

/**
 * Nest's logger, safe to call anywhere: what it throws is swallowed, because a log line must end neither a request nor,
 * out of `writeHead`, the process.
 */
export class SessionLog {
  /** Gets its context with each line: to add one by itself takes Nest's logger longer, and clients decide how often. */
  readonly #logger = new Logger();
  readonly #context: string;
  readonly #said = new Set<string>();

  /** @param context the name before each line */
  constructor(context: string) {
    this.#context = context;
  }

  debug(message: string): void {
    attempt(() => this.#logger.debug(message, this.#context));
  }

  warn(message: string): void {
    attempt(() => this.#logger.warn(message, this.#context));
  }

  /** Each message once, and at most a hundred different ones. */
  warnOnce(message: string): void {
    if (this.#said.has(message) || this.#said.size >= MAX_WARNINGS) return;
    this.#said.add(message);
    this.warn(message);
  }

  /** A mistake of the application that shows with each request: for messages that no client has a part in. */
  errorOnce(message: string): void {
    if (this.#said.has(message)) return;
    this.#said.add(message);
    this.error(message);
  }

  error(message: string): void {
    attempt(() => this.#logger.error(message, undefined, this.#context));
  }
}

function attempt(log: () => void): void {
  try {
    log();
  } catch {
    // Nothing is left that could report a logger that fails.
  }
}
