import type { Samples } from '../measure/rounds.js';
import { mean, median, minimum, standardError } from '../measure/statistics.js';

/** One thing that was measured; times in microseconds of CPU time. */
export interface Row {
  readonly name: string;
  /** Of the rounds of a process; of several processes the mean. */
  readonly minimum: number;
  /** Standard error of that mean, as a part of it. */
  readonly error: number;
  readonly median: number;
  /** Of the minimum to that of the row it is compared with. */
  readonly ratio: number;
}

export interface Table {
  readonly title: string;
  /** The name of the row that the others are compared with, where it is one. */
  readonly baseline: string;
  readonly rows: readonly Row[];
}

/** @param baselineOf the row that each is compared with */
export function tableOf(title: string, samples: Samples, baselineOf: (name: string) => string): Table {
  const rows = [...samples].map(([name, processes]): Row => {
    const minimums = processes.map(minimum);
    const least = mean(minimums);
    const base = samples.get(baselineOf(name));
    return {
      name,
      minimum: least,
      error: standardError(minimums) / least,
      median: median(processes.flat()),
      ratio: base === undefined ? 1 : least / mean(base.map(minimum)),
    };
  });
  return { title, baseline: baselineOf(''), rows };
}

/** @throws Error where there is none: a goal must not be judged by nothing */
export function rowOf(tables: readonly Table[], title: string, name: string): Row {
  const row = tables.find((table) => table.title === title)?.rows.find((each) => each.name === name);
  if (row === undefined) throw new Error(`Nothing was measured for "${name}" in "${title}".`);
  return row;
}

/** As Markdown. */
export function textOf({ title, baseline, rows }: Table): string {
  const lines = rows.map(
    (row) => `| ${row.name} | ${row.minimum.toFixed(1)} | ${row.median.toFixed(1)} | ${row.ratio.toFixed(2)} |`,
  );
  const head = `| | minimum, µs | median, µs | ratio${baseline === '' ? '' : ` to ${baseline}`} |\n| --- | ---: | ---: | ---: |`;
  return `### ${title}\n\n${head}\n${lines.join('\n')}\n`;
}
