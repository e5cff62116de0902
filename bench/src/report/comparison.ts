/** How this package is called in all tables. */
export const OURS = 'nestjs-sessions';

/** What is compared with what, the most that the ratio may be, and who does by hand what the first one does. */
export interface Comparison {
  readonly name: string;
  readonly other: string;
  readonly limit: number;
  readonly floor?: string;
}

/** Whether a goal is about an application. */
export function isJudged(name: string, comparisons: readonly Comparison[]): boolean {
  return comparisons.some((each) => Object.values(each).some((part) => part === name));
}
