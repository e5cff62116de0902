import { writeFileSync } from 'node:fs';
import { REFERENCE } from '../http/reference.js';
import { chartOf } from './chart.js';
import { documentOf } from './document.js';
import type { Results } from './results.js';
import { tableOf } from './table.js';
import { titles } from './titles.js';

const DOCS = new URL('../../../docs/', import.meta.url);

/** Writes docs/benchmarks.md and its chart. */
export function writeReport(results: Results): void {
  const onExpress = results.measurements.filter(({ title }) => title === titles.sockets('express'));
  const title = `CPU time of a request, Nest 12 on Express: ratio to ${REFERENCE}`;
  const bars = onExpress.flatMap((each) => tableOf(each).rows);
  writeFileSync(new URL('benchmarks.md', DOCS), documentOf(results));
  writeFileSync(new URL('benchmarks.svg', DOCS), chartOf(title, bars));
}
