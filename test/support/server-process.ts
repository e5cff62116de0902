import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** How a server is started. */
export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** What it prints when it is ready. */
  readonly ready: string;
  /** Who it runs as. @default the user of this process */
  readonly ids?: { readonly uid: number; readonly gid: number } | undefined;
}

/** A server in a process of its own that can be stopped, killed and started again under the same port. */
export class ServerProcess {
  #child: ChildProcess | undefined;

  constructor(private readonly command: ServerCommand) {}

  /**
   * @param more arguments for this time
   * @param until what it prints when this is to go on. @default what it prints when it is ready
   * @throws Error with what the server has printed, where it ends instead
   */
  async start(more: readonly string[] = [], until: string = this.command.ready): Promise<void> {
    const { program, args, ids } = this.command;
    const child = spawn(program, [...args, ...more], { stdio: ['ignore', 'pipe', 'pipe'], ...ids });
    this.#child = child;
    let output = '';
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes(until)) resolve();
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      child.once('error', reject);
      child.once('close', () => reject(new Error(`${program} has ended:\n${output}`)));
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Ends the process and waits until it has ended. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill(signal);
    // A stopped process gets no other signal than SIGKILL.
    child.kill('SIGCONT');
    await closed;
  }
}
