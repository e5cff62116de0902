import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TableRows } from '../support/table-row.js';
import { figureRow } from './figure-row.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The last commit without a line about stores: the next one adds `lib/store/`. */
const BEFORE_STORES = '20ad302';
/** Without the option `store`, a request may cost so many times what it cost there. */
const LIMIT = 1.02;

/**
 * CPU time of a request without a store, to that before there were stores; measured by bench/, and only worth something on a
 * machine that does nothing else.
 *
 * @param starts of new processes. @default as many as bench/ takes
 */
export async function* baselineRows(starts: string | undefined): TableRows {
  const folder = mkdtempSync(join(tmpdir(), 'sessions-baseline-'));
  try {
    checkOut(folder);
    yield* rowsIn(compareWith(folder, starts));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Builds what was committed then, with the packages of now. */
function checkOut(folder: string): void {
  const files = execFileSync('git', ['archive', BEFORE_STORES], { cwd: ROOT, maxBuffer: Infinity });
  execFileSync('tar', ['-x', '-C', folder], { input: files });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  execFileSync('npm', ['run', 'build'], { cwd: folder, stdio: 'pipe' });
}

/** @returns what bench/ prints */
function compareWith(folder: string, starts: string | undefined): string {
  const npm = (...args: readonly string[]) => execFileSync('npm', args, { cwd: ROOT, stdio: 'pipe' });
  if (!existsSync(join(ROOT, 'bench/node_modules'))) npm('ci', '--prefix', 'bench');
  npm('run', 'bench:build');
  const args = ['bench/build/main.js', '--baseline', folder, ...(starts === undefined ? [] : ['--starts', starts])];
  return execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function* rowsIn(text: string): Generator<ReturnType<typeof figureRow>> {
  const [noise, ratio] = [/^(\w+): (\w+): noise/, /^nestjs-sessions, (\w+): ([\d.]+) ± ([\d.?]+) of the baseline$/];
  let [platform, isQuiet] = ['', false];
  let count = 0;
  for (const line of text.split('\n')) {
    const [, verdict, measured] = noise.exec(line) ?? [];
    if (measured !== undefined) [platform, isQuiet] = [measured, verdict === 'reached'];
    const [, page, value, margin] = ratio.exec(line) ?? [];
    if (page === undefined) continue;
    count++;
    // A run in which the same application differs from itself decides nothing.
    const figure = { value: Number(value), margin: isQuiet && margin !== '?' ? Number(margin) : Infinity };
    yield figureRow(`CPU without a store, to that before stores, ${platform}, session ${page}`, figure, LIMIT);
  }
  if (count === 0) throw new Error(`bench/ has printed no ratio to the baseline:\n${text}`);
}
