import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromServer, ToServer } from './protocol.js';
import type { Tally } from './tally.js';

const ARGUMENTS = ['--expose-gc', '--import', new URL('../support/ts-loader.mjs', import.meta.url).href];

/** Applications in a process of their own. */
export class Server {
  readonly #child: ChildProcess;

  constructor(program: string, args: readonly string[], tally: Pick<Tally, 'fail'>) {
    const path = fileURLToPath(new URL(program, import.meta.url));
    this.#child = fork(path, args, { execArgv: ARGUMENTS });
    this.#child.on('message', (message: FromServer) => message.type === 'error' && tally.fail(message.text));
  }

  /** The next message of a type; fails when the server ends instead. */
  next<T extends FromServer['type']>(type: T): Promise<Extract<FromServer, { type: T }>> {
    return new Promise((resolve, reject) => {
      const hear = (message: FromServer) => {
        if (message.type !== type) return;
        this.#child.off('message', hear);
        resolve(message as Extract<FromServer, { type: T }>);
      };
      this.#child.on('message', hear);
      this.#child.once('exit', () => reject(new Error('The server has ended.')));
    });
  }

  tell(message: ToServer): void {
    this.#child.send(message);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
