import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The first Python that has Starlette and uvicorn; `PYTHON` in the environment goes first. */
export function findPython(): string | undefined {
  const candidates = [process.env.PYTHON, 'python3', '/usr/bin/python3'].filter((path) => path !== undefined);
  return candidates.find((path) => spawnSync(path, ['-c', 'import starlette, itsdangerous, uvicorn']).status === 0);
}

/** The Python service, running. */
export interface PythonService {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts the service on a free port of 127.0.0.1. @param folder where `service.py` is */
export async function startPython(python: string, folder: URL, secret: string): Promise<PythonService> {
  const child = spawn(python, ['-m', 'uvicorn', 'service:app', '--host', '127.0.0.1', '--port', '0'], {
    cwd: folder,
    env: { ...process.env, SESSION_SECRET: secret, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return { port: await portOf(child), stop: () => stop(child) };
}

/** uvicorn says where it listens: `Uvicorn running on http://127.0.0.1:43210`. */
async function portOf(child: ChildProcess): Promise<number> {
  if (child.stderr === null) throw new Error('Cannot read what uvicorn says.');
  for await (const line of createInterface(child.stderr)) {
    const port = /running on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port !== undefined) {
      child.stderr.resume();
      return Number(port);
    }
  }
  throw new Error('Cannot start the Python service: uvicorn ended before it listened.');
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.kill()) await once(child, 'exit');
}
