import { afterEach } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Client } from './client.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The program of `npm run sample`: node and its arguments, so that no shell stands between a test and the sample. */
const [, ...ARGUMENTS] = scriptOf('sample').split(' ');

export type Sample = 'login' | 'minimal' | 'passport' | 'store' | 'websocket';

/** A sample that runs in a process of its own; ended after the test. */
export interface SampleProcess {
  readonly url: string;
  /** The lines that it has printed until it listened. */
  readonly lines: readonly string[];
  client(): Client;
  /** Ends it before the test does. */
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();

afterEach(async () => {
  await Promise.all([...running].map(end));
});

/** Starts a sample as its user does, on port 0, and waits for the line with its address. */
export async function startSample(
  sample: Sample,
  environment: Readonly<Record<string, string>>,
): Promise<SampleProcess> {
  return started(spawnSample([sample], environment));
}

async function started(child: ChildProcess): Promise<SampleProcess> {
  const output = await untilListening(child);
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0] ?? '';
  return { url, lines: output.trimEnd().split('\n'), client: () => new Client(url), stop: () => end(child) };
}

/** Starts another program in the same way: one that prints `Open http…` when it listens. */
export async function startProgram(path: string, ...args: readonly string[]): Promise<SampleProcess> {
  return started(spawnProgram([...ARGUMENTS.slice(0, -1), path, ...args], {}));
}

/** What `npm run sample` prints, with its exit code, where it ends by itself. */
export async function runSample(...args: readonly string[]): Promise<{ output: string; code: number | null }> {
  const child = spawnSample(args, {});
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  running.delete(child);
  return { output, code };
}

/** The text of a script of package.json. */
export function scriptOf(name: string): string {
  return JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')).scripts[name];
}

function spawnSample(args: readonly string[], environment: Readonly<Record<string, string>>): ChildProcess {
  return spawnProgram([...ARGUMENTS, ...args], environment);
}

function spawnProgram(args: readonly string[], environment: Readonly<Record<string, string>>): ChildProcess {
  const { SESSION_SECRET: _, PLATFORM: __, ...inherited } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...inherited, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  return child;
}

function untilListening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const listen = (chunk: Buffer) => {
      output += chunk.toString();
      if (/^Open http.*\n/m.test(output)) resolve(output);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.on('error', reject);
    child.on('close', () => reject(new Error(`The sample ended before it listened:\n${output}`)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  running.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
