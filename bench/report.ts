// docs/benchmarks.md and its chart: of the last whole run under each version of Node.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { EMPTY, OURS, PLATFORMS, type Results, textOf } from './goals.js';
import { PEERS } from './http.js';
import { costOf, type Costs, differenceOf, ratioOf } from './measure.js';

const RESULTS = new URL('./', import.meta.url);
const DOCS = new URL('../../docs/', import.meta.url);

/** Keeps what a whole run has found, beside that under other versions of Node, and writes the document anew. */
export function writeReport(results: Results): void {
  writeFileSync(new URL(`results-${parseInt(results.node, 10)}.json`, RESULTS), JSON.stringify(results));
  const files = readdirSync(RESULTS).filter((file) => /^results-\d+\.json$/.test(file));
  const runs = files.toSorted().map((file) => JSON.parse(readFileSync(new URL(file, RESULTS), 'utf8')) as Results);
  const [first = results] = runs;
  writeFileSync(new URL('benchmarks.md', DOCS), documentOf(runs, first));
  writeFileSync(new URL('benchmarks.svg', DOCS), chartOf(first));
}

/** The name of a run. */
function label({ node }: Results): string {
  return `Node ${parseInt(node, 10)}`;
}

/** What stands above a column, and in it beside each name. */
type Column = readonly [head: string, cell: (name: string) => string];

function documentOf(runs: readonly Results[], { starts, http }: Results): string {
  const names = new Set(PLATFORMS.flatMap((platform) => Object.keys(http[platform])));
  const requests = [EMPTY, ...[...names].filter((name) => !name.startsWith(EMPTY))];
  const served = PLATFORMS.flatMap((platform) =>
    runs.map((run): Column => [`${platform}, ${label(run)}`, (name) => cellOf(run.http[platform], name)]),
  );
  const judged = runs.map((run): Column => {
    const cells = run.goals.map(({ text, figure, verdict, causes = [] }) => {
      return [text, [`${textOf(figure)}: ${verdict}`, ...causes].join('<br>')] as const;
    });
    return [label(run), (text) => new Map(cells).get(text) ?? ''];
  });
  const limits = new Map(runs.flatMap(({ goals }) => goals).map(({ text, limit }) => [text, limit.toFixed(2)]));
  return `# Benchmarks

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} × ${cpus()[0]?.model}; Node.js ${runs.map(({ node }) => node).join(', ')}; versions as in
[bench/package-lock.json](../bench/package-lock.json).

![What reading a session adds to a request](benchmarks.svg)

A figure is the CPU time of a whole server process for a request over sockets, or of a process for a call: all are run by turns, in
${starts} starts of new processes, ratios are taken within a start, their median counts, and ± is two standard errors.
A surcharge is what a request costs beyond an empty interceptor, and a goal is decided only where the margin is smaller than
the distance to the limit.

## Requests, to an empty interceptor

Peers stand behind the same empty interceptor, as ours always has one, unless it says otherwise. New tokens never come twice.

${tableOf(requests, served)}

## Goals

Below a goal that was missed stand the functions that take most beyond what they take in the other row, in µs or bytes of a
request.

${tableOf([...limits.keys()], [['at most', (text) => limits.get(text) ?? ''], ...judged])}
`;
}

/** A row to an empty interceptor that is sent a cookie as long. */
function cellOf(costs: Costs, name: string): string {
  if (name === EMPTY) return `${costOf(costs, name).toFixed(1)} µs`;
  const reference = `${EMPTY}${/, \d+ bytes$/.exec(name)?.[0] ?? ''}`;
  return name in costs ? textOf(ratioOf(costs, name, reference in costs ? reference : EMPTY)) : '';
}

function tableOf(names: readonly string[], columns: readonly Column[]): string {
  const head = [`|  | ${columns.map(([text]) => text).join(' | ')} |`, `| --- |${' --: |'.repeat(columns.length)}`];
  return head
    .concat(names.map((name) => `| ${name} | ${columns.map(([, cell]) => cell(name)).join(' | ')} |`))
    .join('\n');
}

/** For a phone of 390 pixels: each bar has its name above it. */
function chartOf({ http, node }: Results): string {
  const [width, top, line] = [390, 62, 42];
  const bars = PLATFORMS.flatMap((platform) =>
    ['hand-written', OURS, ...PEERS[platform].slice(0, 2)].map((name) => {
      const { value } = differenceOf(http[platform], { name: `${name}, read`, reference: EMPTY });
      return { text: `${platform}: ${name}`, value: Math.max(value, 0), color: name === OURS ? '#e0234e' : '#8a94a6' };
    }),
  );
  const longest = Math.max(...bars.map(({ value }) => value));
  const drawn = bars.map(({ text, value, color }, index) => {
    const [y, length] = [top + index * line, ((width - 100) * value) / longest];
    return `<text x="12" y="${y + 14}">${text}</text>
<rect x="12" y="${y + 19}" width="${length.toFixed(1)}" height="16" fill="${color}"/>
<text x="${(length + 18).toFixed(1)}" y="${y + 32}">${value.toFixed(1)} µs</text>`;
  });
  const height = top + bars.length * line + 8;
  const size = `width="${width}" height="${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="14">
<rect ${size} fill="#ffffff"/>
<text x="12" y="24" font-size="16" font-weight="bold">What reading a session adds</text>
<text x="12" y="46">CPU time beyond an empty interceptor, Node ${parseInt(node, 10)}</text>
${drawn.join('\n')}
</svg>
`;
}
