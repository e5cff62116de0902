import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rowOf, type TableRow, type TableRows } from '../support/table-row.js';
import { fetchNodes, ownNode } from './nodes.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The suites of `test/e2e/store/`, and how many tests each of them has: of all 22 paths on both platforms, as a rule. */
const SUITES = [
  { file: 'paths', title: '', count: 44 },
  { file: 'http2', title: 'HTTP/2 ', count: 24 },
  { file: 'unannounced', title: 'inject() ', count: 26 },
  { file: 'paths-without-hold', title: 'counter-test without the hold ', count: 28 },
] as const;

/** Where Nest is installed, and the arguments by which Jest finds it there. */
const NESTS = [
  { folder: '.', args: ['--collectCoverage=false'] },
  { folder: 'test/nest11', args: ['-c', 'test/nest11/jest.config.js'] },
] as const;

/** As much of the report of Jest as is needed here. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

/** All paths by which a response leaves, on each Nest and each Node. @param isQuick only on the Node that runs this */
export async function* pathRows(isQuick: boolean): TableRows {
  const nodes = isQuick ? ownNode() : fetchNodes();
  try {
    for (const nest of NESTS) for (const node of nodes.paths) yield await tryPaths(nest, node);
  } finally {
    nodes.remove();
  }
}

async function tryPaths({ folder, args }: (typeof NESTS)[number], node: string): Promise<TableRow> {
  const core = join(ROOT, folder, 'node_modules/@nestjs/core/package.json');
  if (!existsSync(core)) execFileSync('npm', ['ci', '--prefix', folder], { cwd: ROOT, stdio: 'pipe' });
  const { version } = JSON.parse(readFileSync(core, 'utf8')) as { version: string };
  const nodeVersion = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
  const { testResults } = await run(node, args);
  const counts = SUITES.map(({ file, title, count }) => {
    const result = testResults.find(({ name }) => name.endsWith(`/${file}.spec.ts`));
    const paths = result?.assertionResults.filter(({ title: path }) => path.startsWith('/')) ?? [];
    const passed = paths.filter(({ status }) => status === 'passed').length;
    return { text: `${title}${passed} of ${count}`, isWhole: passed === count && paths.length === count };
  });
  const figure = counts.map(({ text }) => text).join(', ');
  const isReached = counts.every(({ isWhole }) => isWhole);
  const row = rowOf(`paths, Nest ${version}, Node ${nodeVersion}`, figure, 'at least all of them', isReached);
  return { ...row, details: testResults.flatMap(({ message }) => (message === '' ? [] : [message])) };
}

/** @throws Error where Jest does not even report */
async function run(node: string, args: readonly string[]): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'sessions-paths-'));
  const file = join(folder, 'report.json');
  const jest = ['--experimental-vm-modules', join(ROOT, 'node_modules/jest/bin/jest.js'), ...args, '-w', '1'];
  const suites = SUITES.map((suite) => `test/e2e/store/${suite.file}.spec.ts`);
  const command = [...jest, '--json', '--outputFile', file, ...suites];
  try {
    // Failed tests are in the report, and make Jest fail.
    const error: unknown = await promisify(execFile)(node, command, { cwd: ROOT, timeout: 600_000 }).catch((e) => e);
    if (!existsSync(file)) throw error;
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
