// The acceptance table of sessions on a server, row by row: npm run acceptance. See CONTRIBUTING.md.
import { parseArgs } from 'node:util';
import { loadRows } from '../load/store/rows.js';
import { printRows, type TableRows } from '../support/table-row.js';
import { baselineRows } from './baseline-rows.js';
import { hangingRows } from './hanging-rows.js';
import { pathRows } from './path-rows.js';
import { redisCostRows } from './redis-cost-rows.js';
import { revocationRows } from './revocation-rows.js';

const { values: flags, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, starts: { type: 'string' } },
  allowPositionals: true,
});
const isQuick = flags.quick;

/** Parts of the table, in its order. */
const PARTS: Readonly<Record<string, () => TableRows>> = {
  load: () => loadRows(isQuick ? 3000 : 20_000),
  paths: () => pathRows(isQuick),
  hanging: hangingRows,
  baseline: () => baselineRows(flags.starts),
  redis: redisCostRows,
  revocation: revocationRows,
};
/** These need a machine that does nothing else. */
const CPU = new Set(['baseline', 'redis']);

const wanted = positionals.length > 0 ? positionals : Object.keys(PARTS).filter((name) => !isQuick || !CPU.has(name));
const unknown = wanted.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined) throw new Error(`There is no part "${unknown}": ${Object.keys(PARTS).join(', ')}.`);
for (const [name, rows] of Object.entries(PARTS)) {
  if (!wanted.includes(name)) continue;
  // The other parts go on: one run shows all that is wrong.
  await printRows(rows()).catch((error: unknown) => {
    process.stdout.write(`missed: ${name}: ${String(error)}\n`);
    process.exitCode = 1;
  });
}
