/** One line of the acceptance table: what was to be, and what came out. */
export interface TableRow {
  readonly name: string;
  readonly figure: string;
  /** What the figure is held against, as `at most 1 s`. */
  readonly limit: string;
  /** `undecided`: the machine is too noisy to tell, or nothing was measured. */
  readonly verdict: 'reached' | 'missed' | 'undecided';
  /** What explains the figure, such as the first errors: a line each. @default none */
  readonly details?: readonly string[];
}

/** Rows in the order in which they are measured. */
export type TableRows = AsyncGenerator<TableRow, void, undefined>;

/** Makes a row whose verdict is a fact. */
export function rowOf(name: string, figure: string, limit: string, isReached: boolean): TableRow {
  return { name, figure, limit, verdict: isReached ? 'reached' : 'missed' };
}

/** Prints each row as soon as it is there. A row that is not reached makes the process fail. */
export async function printRows(rows: TableRows): Promise<void> {
  for await (const { verdict, name, figure, limit, details = [] } of rows) {
    process.stdout.write(`${[`${verdict}: ${name}: ${figure}, ${limit}`, ...details].join('\n  ')}\n`);
    if (verdict !== 'reached') process.exitCode = 1;
  }
}
