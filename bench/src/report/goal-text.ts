import type { Goal } from './goals.js';
import type { Verdict } from './judgement.js';
import { textOfMargin } from './table.js';

/** How far the same is from itself, as Markdown. */
export function textOfNoise(goals: readonly Goal[]): string {
  return `| | ratio | ± | at most | |\n| --- | ---: | ---: | ---: | --- |\n${goals.map(lineOf).join('\n')}\n`;
}

/** As Markdown, with what is written by hand beside it. */
export function textOfGoals(goals: readonly Goal[]): string {
  const lines = goals.map((goal) => {
    const { floor } = goal;
    return `${lineOf(goal)} ${floor === undefined ? '' : floor.ratio.toFixed(3)} | ${floor === undefined ? '' : textOfMargin(floor.margin)} |`;
  });
  const head = `| goal | ratio | ± | at most | | written by hand | ± |\n| --- | ---: | ---: | ---: | --- | ---: | ---: |`;
  return `${head}\n${lines.join('\n')}\n`;
}

function lineOf({ text, ratio, margin, limit, verdict }: Goal): string {
  return `| ${text} | ${ratio.toFixed(3)} | ${textOfMargin(margin)} | ${limit.toFixed(3)} | ${markOf(verdict, ratio <= limit)} |`;
}

/** What came out is said also where it decides nothing. */
export function markOf(verdict: Verdict, isMet: boolean): string {
  return verdict === 'undecided' ? `${isMet ? 'reached' : 'not reached'}, undecided` : verdict;
}
