import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readPage } from '../support/documents.js';

const ROOT = new URL('../../', import.meta.url);
const README = readPage('README.md');

/** Packages of package-lock.json by their path: '' is this one. */
const LOCKED = (
  JSON.parse(readFileSync(new URL('package-lock.json', ROOT), 'utf8')) as { packages: Record<string, LockedPackage> }
).packages;

interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

describe('The packages that README.md counts', () => {
  const [, ours, others = ''] = /^\| Installed packages +\| (\d+) +\| (.*?) *\|$/m.exec(README) ?? [];
  const counts = [...others.matchAll(/([\w-]+) (\d+)/g)].map(([, name = '', count]) => [name, Number(count)] as const);

  it('are those of this package', () => {
    expect(installedWith('').size).toBe(Number(ours));
  });

  it.each(counts)('are those of %s: %i', (name, count) => {
    expect(installedWith(`node_modules/${name === 'secure-session' ? 'fastify-secure-session' : name}`).size).toBe(
      count,
    );
  });

  it('are counted for four others', () => {
    expect(counts).toHaveLength(4);
  });
});

it('README.md states the size of the package, to ten per cent', () => {
  const [, packed, unpacked] = /(\d+) kB packed, ([\d.]+) MB installed/.exec(README) ?? [];
  const { size, unpackedSize } = pack();
  expect(Math.abs(size / 1e3 / Number(packed) - 1)).toBeLessThan(0.1);
  expect(Math.abs(unpackedSize / 1e6 / Number(unpacked) - 1)).toBeLessThan(0.1);
}, 240_000);

/** The paths of the packages that npm installs for one of them, itself among them. */
function installedWith(path: string, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  const { dependencies, optionalDependencies } = LOCKED[path] ?? {};
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) installedWith(find(name, path), found);
  return found;
}

/** Where Node finds a package: in the node_modules of the folder that asks, or of one above it. */
function find(name: string, from: string): string {
  const path = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
  if (path in LOCKED) return path;
  if (from === '') throw new Error(`Cannot find ${name} in package-lock.json.`);
  return find(name, from.slice(0, Math.max(0, from.lastIndexOf('node_modules/') - 1)));
}

/** Builds the package apart, as others may use dist/, and asks npm what it would pack. */
function pack(): { readonly size: number; readonly unpackedSize: number } {
  const home = new URL('build/package/', ROOT);
  rmSync(home, { recursive: true, force: true });
  for (const file of ['package.json', 'README.md', 'LICENSE']) cpSync(new URL(file, ROOT), new URL(file, home));
  for (const [config, folder] of Object.entries({ build: 'dist', cjs: 'dist/cjs' })) {
    const out = fileURLToPath(new URL(folder, home));
    const compile = ['node_modules/typescript/bin/tsc', '-p', `tsconfig.${config}.json`, '--outDir', out];
    execFileSync(process.execPath, compile, { cwd: fileURLToPath(ROOT) });
  }
  const ask = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const answer = execFileSync('npm', ask, { cwd: fileURLToPath(home), encoding: 'utf8' });
  const [packed] = JSON.parse(answer) as [{ size: number; unpackedSize: number }];
  return packed;
}
