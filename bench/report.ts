// docs/benchmarks.md: of the last whole run under each version of Node.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { type Results, textOf } from './goals.js';
import { costOf, type Costs, differenceOf, ratioOf } from './measure.js';
import { EMPTY, OURS, PEERS, PLATFORMS } from './rows.js';

const RESULTS = new URL('./', import.meta.url);
const DOCUMENT = new URL('../../docs/benchmarks.md', import.meta.url);

/** Keeps what a whole run has found, beside that under other versions of Node, and writes the document anew. */
export function writeReport(results: Results): void {
  writeFileSync(new URL(`results-${parseInt(results.node, 10)}.json`, RESULTS), JSON.stringify(results));
  const files = readdirSync(RESULTS).filter((file) => /^results-\d+\.json$/.test(file));
  const runs = files.toSorted().map((file) => JSON.parse(readFileSync(new URL(file, RESULTS), 'utf8')) as Results);
  writeFileSync(DOCUMENT, documentOf(runs));
}

function label({ node }: Results): string {
  return `Node ${parseInt(node, 10)}`;
}

/** What stands above a column, and in it beside each name. */
type Column = readonly [head: string, cell: (name: string) => string];

function documentOf(runs: readonly Results[]): string {
  const served = PLATFORMS.flatMap((platform) =>
    runs.map((run): Column => [`${platform}, ${label(run)}`, (name) => cellOf(run.http[platform], name)]),
  );
  const rows = new Set(runs.flatMap(({ http }) => PLATFORMS.flatMap((platform) => Object.keys(http[platform]))));
  const limits = new Map(runs.flatMap(({ goals }) => goals).map(({ text, limit }) => [text, limit.toFixed(2)]));
  const judged = runs.map((run): Column => {
    const cells = new Map(run.goals.map(({ text, figure, verdict }) => [text, `${textOf(figure)} ${verdict}`]));
    return [label(run), (text) => cells.get(text) ?? ''];
  });
  const causes = runs.flatMap((run) => {
    const unreached = run.goals.filter((goal) => goal.causes?.length);
    return unreached.map((goal) => `- ${label(run)}, ${goal.text}: \`${goal.causes?.join('`, `')}\``);
  });
  return `# Benchmarks

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} × ${cpus()[0]?.model}; Node.js ${runs.map(({ node }) => node).join(', ')}; versions as in
[bench/package-lock.json](../bench/package-lock.json).

What reading a session adds to an empty interceptor, in CPU time under ${runs.map(label)[0]}:

\`\`\`
${runs.slice(0, 1).map(chartOf).join('')}
\`\`\`

A figure is the CPU time of a whole server process for a request over sockets, or of a process for a call. All are run by turns, in
processes that are started anew several times; ratios are taken within a start, and ± is 2.6 standard errors.
A surcharge is what a request costs beyond an empty interceptor, and a goal is decided only where the margin is smaller than the
distance to the limit.

## Requests, to an empty interceptor

Rows without a package's name are of this one. All have the same empty interceptor before them, which for ours is its own, unless a
row says otherwise. New tokens never come twice.

${tableOf([EMPTY, ...[...rows].filter((name) => !name.startsWith(EMPTY))], served)}

## Goals

${tableOf([...limits.keys()], [['at most', (text) => limits.get(text) ?? ''], ...judged])}

The functions that goals are not reached by, which take most beyond what they take in the other row, in µs or bytes of a request:

${causes.join('\n')}
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
  const lineOf = (name: string) => `| ${name} | ${columns.map(([, cell]) => cell(name)).join(' | ')} |`;
  return [...head, ...names.map(lineOf)].join('\n').replaceAll(`${OURS}, `, '');
}

/** For a phone, so each bar has its name above it. */
function chartOf({ http }: Results): string {
  const bars = PLATFORMS.flatMap((platform) =>
    ['hand-written', OURS, ...PEERS[platform].slice(0, 2)].map((name) => {
      const { value } = differenceOf(http[platform], [`${name}, read`, EMPTY]);
      return { name: `${platform}: ${name}`, value: Math.max(value, 0) };
    }),
  );
  const longest = Math.max(...bars.map(({ value }) => value));
  const barOf = (value: number) => '█'.repeat(Math.round((24 * value) / longest));
  return bars.map(({ name, value }) => `${name}\n${barOf(value)} ${value.toFixed(1)} µs`).join('\n');
}
