import { costOf, type Ratio, ratioOf } from '../measure/ratio.js';
import type { Samples } from '../measure/samples.js';
import { median } from '../measure/statistics.js';
import type { Measurements } from './results.js';

/** One thing that was measured; times in microseconds of CPU time. */
export interface Row {
  readonly name: string;
  /** The median of the processes, of the least that a round of each took. */
  readonly minimum: number;
  /** Of all rounds of all processes. */
  readonly median: number;
  /** To the row it is compared with, in the starts that both took part in. */
  readonly ratio: Ratio;
}

/** Rows that are compared with each other. */
export interface Table {
  readonly title: string;
  /** What the rows are compared with. */
  readonly baseline: string;
  readonly rows: readonly Row[];
  /** What it was made of. */
  readonly samples: Samples;
}

/** Works out what was found. */
export function tableOf({ title, baseline, rows }: Measurements): Table {
  const samples: Samples = new Map(rows.map(({ name, starts }) => [name, starts]));
  return {
    title,
    baseline,
    rows: rows.map(({ name, starts, baseline: other }) => {
      const processes = starts.flat();
      const ratio = ratioOf(samples, name, other);
      return { name, minimum: costOf(processes), median: median(processes.flat()), ratio };
    }),
    samples,
  };
}

/** As Markdown. */
export function textOf({ title, baseline, rows }: Table): string {
  const lines = rows.map(({ name, minimum, median: middle, ratio: { value, margin } }) => {
    return `| ${name} | ${minimum.toFixed(1)} | ${middle.toFixed(1)} | ${value.toFixed(3)} | ${textOfMargin(margin)} |`;
  });
  const head = `| | minimum, µs | median, µs | ratio to ${baseline} | ± |\n| --- | ---: | ---: | ---: | ---: |`;
  return `### ${title}\n\n${head}\n${lines.join('\n')}\n`;
}

/** Of a ratio that was taken too seldom nobody knows. */
export function textOfMargin(margin: number | undefined): string {
  return margin?.toFixed(3) ?? '?';
}
