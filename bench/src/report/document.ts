import { HEAP_REQUESTS } from '../http/heap.js';
import type { Rounds } from '../measure/rounds.js';
import { CONNECTIONS, FULL } from '../settings.js';
import { goalsOf, textOfGoals, type Verdict } from './goals.js';
import type { Results } from './results.js';
import { tableOf, textOf } from './table.js';

function roundsOf(processes: number, { count, slice }: Rounds): string {
  return `${processes} × ${count} rounds of ${slice} ms`;
}

/** docs/benchmarks.md, whole. */
export function documentOf({ date, machine, versions, measurements, costs, heaps }: Results): string {
  const tables = measurements.map(tableOf);
  const goals = goalsOf(tables);
  const count = (wanted: Verdict) => goals.filter(({ verdict }) => verdict === wanted).length;
  const missed = goals.filter(({ verdict }) => verdict === 'not reached');
  const missedByHand = missed.filter(({ floor, limit }) => floor !== undefined && floor > limit);
  const { codec, requests, growth, more } = FULL;
  return `# Benchmarks

Written by \`npm run bench\` on ${date}; \`npm run bench -- --quick\` prints a shorter run, without sockets, and leaves this document alone.

- Machine: ${machine}.
- Versions: ${versions.join(', ')}.
- All figures are CPU time of the process in microseconds (\`process.cpuUsage()\`, all threads), by turns (processes × rounds of
  CPU time): ${roundsOf(codec.starts, codec.rounds)} of each codec; of each application that a goal is about
  ${roundsOf(requests.starts, requests.inProcess)} in one process, and with the same processes
  ${roundsOf(requests.starts, requests.sockets)} over sockets; ${roundsOf(growth.starts, growth.inProcess)} of "what a request
  costs more", ${roundsOf(more.concurrency.starts, more.concurrency.sockets)} of "requests at once". Processes of what no goal
  is about: ${requests.fewStarts} and ${growth.fewStarts}, so that those rows are the least certain; of the empty interceptor, which all ratios need:
  ${requests.starts * requests.copies}, and ${growth.starts * growth.copies} in "what a request costs more".
- A figure is the minimum of the rounds of a process; of several processes the median. All applications are started together, several
  times, and whole starts differ by what the machine does meanwhile. So a ratio is taken within each start, and then the median
  of the starts; the quotient of two figures of a table may differ from it. Before it counts, each process has answered ${requests.warmUp} requests in one process, and as many over sockets as take ${requests.sockets.warmUp} ms.
- "In one process" drives the application's request listener with Node's own request and response objects on a socket that
  leads nowhere: without the kernel's part. "Over sockets", autocannon sits on the other core with ${CONNECTIONS} connections. There the
  same steps cost several times as much, by hand and in this package alike: after the work of the kernel and of other requests,
  code and data are no longer in the caches.
- "Again" is the same application in as many processes more: how far it is from 1.00 is the noise of the table. Processes of the
  same application differ by some percent, for as long as they live. Beside a ratio are two standard errors of its starts (±), beside
  that of a goal these or how far "again" is from 1.00, whichever is more; a goal that is missed or met by less is undecided.
- "Floor" is what somebody writes by hand with \`node:crypto\`: the same bytes, no check but that of authenticity; as an
  application also the same response headers, no other cookie in the way, no look at what has changed. Its HMAC is
  \`createHmac\`, ours two calls of \`hash\`, which is why ours can be below it; "floor with hash()" has both. Where all sessions
  share one key, encryption costs less; why ours do not is in [format.md](format.md).
- Ours always has Nest's interceptor, which the peers' applications do not have.

![CPU time of a request](benchmarks.svg)

## Goals: ${count('reached')} of ${goals.length} reached, ${count('undecided')} undecided

The last column has the ratio of what is written by hand, beside "untouched" that of an interceptor which passes on what
the handler has answered, by one \`map()\` of rxjs. Where it misses the goal as well, the goal is below what authenticating
a cookie, or acting after the handler, costs on this machine. So it is with ${missedByHand.length} of the ${missed.length} goals that are not reached.

${textOfGoals(goals)}
## Tables

${tables.map(textOf).join('\n')}
${costs.join('\n')}
Measured in one process by V8's profiler, which slows a request down: of several rounds of ${more.profile} requests of each application, by turns, the one that took least.

## Heap after ${HEAP_REQUESTS.join(' and ')} requests

${heaps.map((heap) => `- ${heap}`).join('\n')}

## Which way to take the session

A controller that injects \`SessionService\` is made anew for each request, with all that it injects, whatever the provider is: that
is what "empty request-scoped provider" costs.

- Take \`@Session()\` in controllers, and \`SessionManager.open()\` in guards, services and other singletons that are given the request.
- Nest's durable providers cost much less ("empty durable provider"), but a durable instance is shared by all requests of a tenant: a
  session must not be one.
- A singleton that looks up the session of the current request ("by a singleton, read") costs little more than \`@Session()\`. It needs
  \`AsyncLocalStorage\`, which this package leaves to the application: \`bench/src/http/scope.ts\` has it in 20 lines, nestjs-cls as a library.
- Inject \`SessionService\` where the code is request-scoped anyway, or where that cost does not count.
`;
}
