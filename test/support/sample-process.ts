import { afterAll, afterEach } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { Client } from './client.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export type Sample = 'login' | 'minimal';

/** A sample that runs in a process of its own; ended after the test. */
export interface SampleProcess {
  readonly url: string;
  /** The lines that it has printed until it listened. */
  readonly lines: readonly string[];
  client(): Client;
}

/** A folder that looks like the package after `npm run build && tsc -p sample`, so that tests need no build. */
let compiled: Promise<string> | undefined;
const running = new Set<ChildProcess>();

afterEach(async () => {
  const children = [...running];
  running.clear();
  await Promise.all(children.map(end));
});

afterAll(async () => {
  if (compiled !== undefined) await rm(await compiled, { recursive: true, force: true });
});

/** Starts a sample as its user does, on port 0, and waits for the line with its address. */
export async function startSample(
  sample: Sample,
  environment: Readonly<Record<string, string>>,
): Promise<SampleProcess> {
  const folder = await (compiled ??= compile());
  const { SESSION_SECRET: _, PLATFORM: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [join(folder, 'build', 'sample', sample, 'main.js')], {
    env: { ...inherited, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const output = await untilListening(child);
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0] ?? '';
  return { url, lines: output.trimEnd().split('\n'), client: () => new Client(url) };
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
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

async function compile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nestjs-sessions-'));
  await transpile(join(ROOT, 'lib'), join(folder, 'dist'));
  await transpile(join(ROOT, 'sample'), join(folder, 'build', 'sample'));
  // By its name and exports Node finds the package from within.
  await writeFile(join(folder, 'package.json'), await readFile(join(ROOT, 'package.json')));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return folder;
}

/** File by file and without a check of the types, which is what makes it fast; `npm run typecheck` is for that. */
async function transpile(from: string, to: string): Promise<void> {
  const { options } = ts.getParsedCommandLineOfConfigFile(join(ROOT, 'tsconfig.json'), {}, configHost()) ?? noConfig();
  const compilerOptions = {
    ...options,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  for (const file of await readdir(from, { recursive: true })) {
    if (!file.endsWith('.ts')) continue;
    const source = await readFile(join(from, file), 'utf8');
    const target = join(to, file.replace(/\.ts$/, '.js'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, ts.transpileModule(source, { compilerOptions, fileName: file }).outputText);
  }
}

function configHost(): ts.ParseConfigFileHost {
  return { ...ts.sys, onUnRecoverableConfigFileDiagnostic: noConfig };
}

function noConfig(): never {
  throw new Error('Cannot compile the samples: tsconfig.json is not readable.');
}
