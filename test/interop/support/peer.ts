import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What a peer is asked; `now`, a NumericDate, stops its clock. */
export type Question = { readonly now?: number } & (
  { readonly write: string } | { readonly python: string } | { readonly read: string | readonly string[] }
);

/** What it answers: a cookie, or a session as JSON, or the name of the error that it threw. */
export interface Answer {
  readonly value?: string | readonly string[];
  readonly data?: string;
  readonly error?: string;
}

const pathOf = (name: string) => fileURLToPath(new URL(`../peers/${name}`, import.meta.url));
const SECONDS = 1000;

/** How the real library of a format is started, or why it cannot be. */
export type Availability = { readonly command: readonly [string, ...string[]] } | { readonly missing: string };

/** Debian's packages are those of /usr/bin/python3, which is not the first python3 everywhere. */
export function findPeer(format: string): Availability {
  if (format === 'cookie-session') {
    const command = [process.execPath, pathOf('cookie-session.cjs')] as const;
    return starts(command, format) ? { command } : { missing: 'the npm package cookie-session is not installed' };
  }
  for (const python of ['/usr/bin/python3', 'python3']) {
    const command = [python, pathOf('bridge.py')] as const;
    if (starts(command, format)) return { command };
  }
  return { missing: 'no python3 here can import its library' };
}

function starts([program, ...args]: readonly [string, ...string[]], format: string): boolean {
  return spawnSync(program, [...args, format, 'secret'], { input: '', timeout: 60 * SECONDS }).status === 0;
}

/** The real library of one format in a process of its own. */
export class Peer {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];

  constructor([program, ...args]: readonly [string, ...string[]], format: string, secret: string) {
    this.#child = spawn(program, [...args, format, secret]);
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#waiting.shift()?.resolve(JSON.parse(line) as Answer);
    });
    let complaint = '';
    this.#child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    this.#child.on('close', () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error(`The peer has ended:\n${complaint}`));
    });
  }

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin.write(`${JSON.stringify(question)}\n`);
    });
  }

  stop(): void {
    this.#child.stdin.end();
  }
}
