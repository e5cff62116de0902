import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Profile } from './profile.js';
import type { FromServer, NumericQuestion, Order, Question, Served } from './protocol.js';

/** Elsewhere the system decides who runs where, and the figures are noisier. */
const CAN_PIN = process.platform === 'linux' && availableParallelism() > 1;

/**
 * Without the second, V8 tidies up the heap of a process that waits for its turn, and throws away what it has compiled for
 * objects that are gone: each round would begin with slow code.
 */
const FLAGS = ['--expose-gc', '--no-memory-reducer'];

/** Keeps this process off the core of the servers. */
export function leaveFirstCore(): void {
  pin(process.pid, 1);
}

/** Keeps a process with all of its threads on one core. */
function pin(pid: number | undefined, core: number): void {
  if (!CAN_PIN) return;
  const { error } = spawnSync('taskset', ['-acp', String(core), String(pid)]);
  if (error !== undefined) throw noStart(error);
}

function noStart(cause: Error): Error {
  return new Error('Cannot keep a process on one core: taskset does not run. Install util-linux.', { cause });
}

/** An application that runs alone on the first core; whoever asks it sits on the second one. */
export class ServerProcess {
  readonly url: string;
  /** What a request is to send as its Cookie header. */
  readonly cookie: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number, cookie: string) {
    this.#child = child;
    this.url = `http://127.0.0.1:${port}`;
    this.cookie = cookie;
  }

  static async start(order: Order): Promise<ServerProcess> {
    const file = fileURLToPath(new URL('server.js', import.meta.url));
    const command = [process.execPath, ...FLAGS, file, JSON.stringify(order)];
    // Many start together, which may take both cores.
    const [program = '', ...args] = CAN_PIN ? ['taskset', '-c', '0,1', ...command] : command;
    const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const first = await heard(child);
    if (!('port' in first)) throw new Error('A server does not say where it listens.');
    pin(child.pid, 0);
    return new ServerProcess(child, first.port, first.cookie);
  }

  async ask(question: NumericQuestion): Promise<number> {
    const answer = await this.#answerTo(question);
    return 'value' in answer ? answer.value : Number.NaN;
  }

  /** What it has done so far. */
  async served(): Promise<Served> {
    const answer = await this.#answerTo('served');
    return 'served' in answer ? answer.served : { cpu: Number.NaN, requests: Number.NaN };
  }

  /** Where the time of so many requests goes. */
  async profileOf(times: number): Promise<Profile> {
    const answer = await this.#answerTo({ profileOf: times });
    return 'profile' in answer ? answer.profile : {};
  }

  #answerTo(question: Question): Promise<FromServer> {
    this.#child.send(question);
    return heard(this.#child);
  }

  stop(): void {
    this.#child.kill();
  }
}

/** What a server says next. */
function heard(child: ChildProcess): Promise<FromServer> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('A server has ended before it answered.'));
    const failed = (cause: Error) => reject(new Error(`A server does not run: ${cause.message}.`, { cause }));
    child.once('exit', ended).once('error', failed);
    child.once('message', (message: FromServer) => {
      child.off('exit', ended).off('error', failed);
      resolve(message);
    });
  });
}
