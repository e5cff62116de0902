import type { FullEfforts } from '../settings.js';
import { methodOf } from './method.js';
import { textOfGoals, textOfNoise } from './goal-text.js';
import { byHandOf, countOf, goalsOf } from './goals.js';
import type { Results } from './results.js';
import { tableOf, textOf } from './table.js';

/** docs/benchmarks.md, whole. */
export function documentOf({ measurements, costs, heaps, ...run }: Results): string {
  const tables = measurements.map(tableOf);
  const { noise, goals } = goalsOf(tables);
  const { missed, missedByHand, undecidedByHand } = byHandOf(goals);
  const { heap, profile }: FullEfforts['more'] = run.efforts.more;
  return `# Benchmarks

${methodOf(run)}
![CPU time of a request](benchmarks.svg)

## Noise: ${countOf(noise, 'reached')} of ${noise.length} within the limit

How far the same is from itself, in either direction. What counts is what came out, whatever its margin: the goals are judged by it.

${textOfNoise(noise)}
## Goals: ${countOf(goals, 'reached')} of ${goals.length} reached, ${missed} not, ${countOf(goals, 'undecided')} undecided

Noise is not counted among them. The last columns have the ratio of what is written by hand and its margin, beside "untouched"
those of an interceptor which passes on what the handler has answered, by one \`map()\` of rxjs. Where it misses the goal as well,
the goal is below what authenticating a cookie, or acting after the handler, costs on this machine: of the ${missed} goals that are
not reached, ${missedByHand} are missed by what is written by hand too; for ${undecidedByHand} that is undecided.

${textOfGoals(goals)}
## Tables

${tables.map(textOf).join('\n')}
${costs.join('\n')}
Measured in one process by V8's profiler, which slows a request down: of several rounds of ${profile} requests of each application, by turns, the one that took least.

## Heap after ${heap.first} requests, and after ${heap.more} more

${heaps.map((line) => `- ${line}`).join('\n')}

## Which way to take the session

A controller that injects \`SessionService\` is made anew for each request, with all that it injects, whatever the provider is: that
is what "empty request-scoped provider" costs.

- Take \`@Session()\` in controllers, and \`SessionManager.open()\` in guards, services and other singletons that are given the request.
- Nest's durable providers cost much less ("empty durable provider"), but a durable instance is shared by all requests of a tenant: a
  session must not be one.
- A singleton that looks up the session of the current request ("by a singleton, read") costs much less than request scope, and some
  more than \`@Session()\`. It needs \`AsyncLocalStorage\`, which this package leaves to the application: \`bench/src/http/scope.ts\` has
  it in 20 lines, nestjs-cls as a library.
- Inject \`SessionService\` where the code is request-scoped anyway, or where that cost does not count.
`;
}
