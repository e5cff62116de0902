import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { itsdangerousVersion } from '../codec/itsdangerous.js';
import type { Samples, Series } from '../measure/samples.js';
import type { FullEfforts } from '../settings.js';

/** What a table is made of. */
export interface Measurements {
  readonly title: string;
  /** What the rows are compared with. */
  readonly baseline: string;
  readonly rows: readonly {
    readonly name: string;
    /** The row that this one is compared with. */
    readonly baseline: string;
    readonly starts: readonly (readonly Series[])[];
  }[];
}

/** What a run has found. */
export interface Results {
  /** As YYYY-MM-DD. */
  readonly date: string;
  readonly machine: string;
  readonly versions: readonly string[];
  /** How much was measured, whatever the settings are today. */
  readonly efforts: FullEfforts;
  readonly measurements: readonly Measurements[];
  /** Tables of where the time goes. */
  readonly costs: readonly string[];
  readonly heaps: readonly string[];
}

const ROOT = new URL('../../../', import.meta.url);
const FILE = new URL('../results.json', import.meta.url);
const NEST = ['@nestjs/core', '@nestjs/platform-express', '@nestjs/platform-fastify', 'express', 'fastify'];
const PEERS = [
  '@fastify/secure-session',
  '@fastify/session',
  'autocannon',
  'cookie-session',
  'express-session',
  'fast-jwt',
  'iron-session',
  'jose',
  'jsonwebtoken',
  'keygrip',
];

/**
 * Makes a table of what was found.
 *
 * @param baselineOf the row that each is compared with; of no name, what stands for all of them
 */
export function measurementsOf(title: string, samples: Samples, baselineOf: (name: string) => string): Measurements {
  const rows = [...samples].map(([name, starts]) => ({ name, baseline: baselineOf(name), starts }));
  return { title, baseline: baselineOf(''), rows };
}

/** When and where a run takes place. */
export function surroundings(): Pick<Results, 'date' | 'machine' | 'versions'> {
  const nest = NEST.map((name) => versionIn('', name));
  const peers = PEERS.map((name) => versionIn('bench/', name));
  const python = itsdangerousVersion();
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}; Node.js ${process.version}`,
    versions: [...nest, ...peers, ...(python === undefined ? [] : [`itsdangerous ${python}`])],
  };
}

function versionIn(folder: string, name: string): string {
  const text = readFileSync(new URL(`${folder}node_modules/${name}/package.json`, ROOT), 'utf8');
  return `${name} ${(JSON.parse(text) as { version: string }).version}`;
}

/** Whoever doubts a figure, or wants another statistic, needs no new run. */
export function keepResults(results: Results): void {
  writeFileSync(FILE, JSON.stringify(results));
}

/** Those of the last whole run. */
export function keptResults(): Results {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Results;
}
