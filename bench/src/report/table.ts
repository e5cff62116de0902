import { costOf, type Ratio, ratioOf } from '../measure/ratio.js';
import type { Samples } from '../measure/samples.js';
import { median } from '../measure/statistics.js';

/** One thing that was measured; times in microseconds of CPU time. */
export interface Row {
  readonly name: string;
  /** Of the rounds of a process; of several processes the mean. */
  readonly minimum: number;
  readonly median: number;
  /** To the row it is compared with, in the starts that both took part in. */
  readonly ratio: Ratio;
}

export interface Table {
  readonly title: string;
  /** The name of the row that the others are compared with, where it is one. */
  readonly baseline: string;
  readonly rows: readonly Row[];
  /** What it was made of. */
  readonly samples: Samples;
}

/** @param baselineOf the row that each is compared with */
export function tableOf(title: string, samples: Samples, baselineOf: (name: string) => string): Table {
  const rows = [...samples].map(([name, starts]): Row => {
    const processes = starts.flat();
    const ratio = ratioOf(samples, name, baselineOf(name));
    return { name, minimum: costOf(processes), median: median(processes.flat()), ratio };
  });
  return { title, baseline: baselineOf(''), rows, samples };
}

/** As Markdown. */
export function textOf({ title, baseline, rows }: Table): string {
  const lines = rows.map(({ name, minimum, median: middle, ratio: { value, margin } }) => {
    return `| ${name} | ${minimum.toFixed(1)} | ${middle.toFixed(1)} | ${value.toFixed(3)} | ${margin?.toFixed(3) ?? '?'} |`;
  });
  const ratio = baseline === '' ? 'ratio' : `ratio to ${baseline}`;
  const head = `| | minimum, µs | median, µs | ${ratio} | ± |\n| --- | ---: | ---: | ---: | ---: |`;
  return `### ${title}\n\n${head}\n${lines.join('\n')}\n`;
}
