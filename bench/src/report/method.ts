import type { Rounds } from '../measure/rounds.js';
import type { Results } from './results.js';

function roundsOf(processes: number, { count, slice }: Rounds): string {
  return `${processes} × ${count} rounds of ${slice} ms`;
}

/** How the figures of docs/benchmarks.md have come about, and what the names in it mean. */
export function methodOf({
  date,
  machine,
  versions,
  efforts,
}: Omit<Results, 'measurements' | 'costs' | 'heaps'>): string {
  const { codec, requests, growth, more } = efforts;
  return `Written by \`npm run bench\` on ${date}; \`npm run bench -- --quick\` prints a shorter run, without sockets, and leaves this document alone.

- Machine: ${machine}.
- Versions: ${versions.join(', ')}.
- All figures are CPU time of the process in microseconds (\`process.cpuUsage()\`, all threads), by turns (processes × rounds of
  CPU time): ${roundsOf(codec.starts, codec.rounds)} of each codec; of each application that a goal is about
  ${roundsOf(requests.starts, requests.inProcess)} in one process, and with the same processes
  ${roundsOf(requests.starts, requests.sockets)} over sockets; ${roundsOf(growth.starts, growth.inProcess)} of "what a request
  costs more", ${roundsOf(more.concurrency.starts, more.concurrency.sockets)} of "requests at once". Of what no goal is about
  there are ${requests.fewStarts} processes, and ${growth.fewStarts} in "what a request costs more".
- Minimum: the least that a round of a process took, and of several processes the median of these. Median: that of all rounds of
  all processes. All applications are started together, several times, and whole starts differ by what the machine does
  meanwhile. So a ratio is taken within each start, by the minimums, and then the median of the starts; the quotient of two
  figures of a table may differ from it. Before it counts, each process has answered ${requests.warmUp} requests in one process, and
  as many over sockets as take ${requests.sockets.warmUp} ms.
- ±: two standard errors of a ratio, by how much it differs between starts; "?" where there are fewer than five of them. Beside a goal
  it is that or how far "again" is from 1.00 in that table, whichever is more, and a tenth of the ratio where it is not known. A goal that
  is reached or not by less is marked as undecided too: another run may say otherwise.
- "Again" is the same application once more. Processes of the same application differ by some percent, for as long as they live.
  The empty interceptor, which all ratios need, and "again" have ${requests.copies} processes each in every start, and
  ${growth.copies} in "what a request costs more"; other rows have one, and so are less certain than "again" shows, which is their ±.
- "In one process" drives the application's request listener with Node's own request and response objects on a socket that
  leads nowhere: without the kernel's part. "Over sockets", autocannon sits on the other core with ${requests.sockets.connections} connections, all of
  them open before anything counts. There a step may cost several times what it costs in one process, by hand as well, which the
  kernel's work and cold caches between requests probably explain.
- "Floor" is what somebody writes by hand with \`node:crypto\`: the same bytes, no check but that of authenticity; as an
  application also the same response headers, no other cookie in the way, no look at what has changed. Its HMAC is
  \`createHmac\`, ours two calls of \`hash\`; "floor with hash()" has both. And ours makes base64url of text in memory that it keeps for
  that, and of a signature within \`hash\`, where the floor makes a Buffer each time. So ours can be below it, most of all in
  encoding what is short. Where all sessions share one key, encryption costs less; why ours do not is in [format.md](format.md).
- Ours always has Nest's interceptor, which the peers' applications do not have.
- There is no logger. Where one prints debug lines, each rejected cookie costs one of these more, unless there is \`onReject\`.
- Junk is measured in one process only: Node's server refuses headers of more than 16 KiB, unless it is told otherwise.
`;
}
