/** CPU times of one operation in microseconds: one of each round. */
export type Series = readonly number[];

/** What one start has found: by the name of the subject, a series of each of its processes. */
export type Found = readonly (readonly [name: string, series: Series])[];

/**
 * By the name of the subject, and by start: a series of each process. The compiler decides otherwise in each process, and
 * whole starts differ by what the machine does meanwhile. Of a start that a subject took no part in there is none.
 */
export type Samples = ReadonlyMap<string, readonly (readonly Series[])[]>;

/** Brings together what the starts have found. */
export function samplesOf(starts: readonly Found[]): Samples {
  const samples = new Map<string, Series[][]>();
  for (const [start, found] of starts.entries()) {
    for (const [name, series] of found) {
      const known = samples.get(name) ?? starts.map(() => []);
      samples.set(name, known);
      known[start]?.push(series);
    }
  }
  return samples;
}
