import type { LoggerService } from '@nestjs/common';

/** One line of the log. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
}

/** A logger that keeps what this package has logged. */
export class RecordingLogger implements LoggerService {
  readonly lines: LogLine[] = [];

  log = (message: unknown, ...rest: unknown[]) => this.#keep('log', message, rest);
  error = (message: unknown, ...rest: unknown[]) => this.#keep('error', message, rest);
  warn = (message: unknown, ...rest: unknown[]) => this.#keep('warn', message, rest);
  debug = (message: unknown, ...rest: unknown[]) => this.#keep('debug', message, rest);

  #keep(level: string, message: unknown, rest: readonly unknown[]): void {
    if (rest.at(-1) === 'SessionManager') this.lines.push({ level, message: String(message) });
  }
}
