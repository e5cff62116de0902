import type { Costs } from '../http/costs.js';

const row = (name: string, cells: readonly string[]) => `| ${name} | ${cells.join(' | ')} |`;

/** Where the time of a request goes, and what it allocates, as Markdown: a column for each application. */
export function textOfCosts(title: string, costs: readonly Costs[]): string {
  const total = (owner: string) => costs.reduce((sum, { profile }) => sum + (profile[owner] ?? 0), 0);
  const owners = [...new Set(costs.flatMap(({ profile }) => Object.keys(profile)))].toSorted(
    (a, b) => total(b) - total(a),
  );
  // What nobody spends half a microsecond in is of no interest.
  const shown = owners.filter((owner) => costs.some(({ profile }) => (profile[owner] ?? 0) >= 0.5));
  const lines = [
    row(
      'µs of self time',
      costs.map(({ name }) => name),
    ),
    row(
      '---',
      costs.map(() => '---:'),
    ),
    ...shown.map((owner) =>
      row(
        owner,
        costs.map(({ profile }) => (profile[owner] ?? 0).toFixed(1)),
      ),
    ),
    row(
      'bytes allocated',
      costs.map(({ bytes }) => bytes.toFixed(0)),
    ),
  ];
  return `### ${title}\n\n${lines.join('\n')}\n`;
}
