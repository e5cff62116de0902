import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { HEAP_ROUNDS } from '../http/sockets.js';
import type { Effort } from '../settings.js';
import { type Goal, textOfGoals } from './goals.js';
import { type Table, textOf } from './table.js';

const ROOT = new URL('../../../', import.meta.url);
const PEERS = [
  '@fastify/secure-session',
  '@fastify/session',
  'cookie-session',
  'express-session',
  'fast-jwt',
  'iron-session',
  'jose',
  'jsonwebtoken',
  'keygrip',
];

function versionIn(folder: string, name: string): string {
  const text = readFileSync(new URL(`${folder}node_modules/${name}/package.json`, ROOT), 'utf8');
  return `${name} ${(JSON.parse(text) as { version: string }).version}`;
}

/** docs/benchmarks.md, whole. */
export function documentOf(
  tables: readonly Table[],
  goals: readonly Goal[],
  heaps: readonly string[],
  effort: Effort,
): string {
  const versions = [
    ...['@nestjs/core', 'express', 'fastify'].map((name) => versionIn('', name)),
    ...PEERS.map((name) => versionIn('bench/', name)),
  ];
  const reached = goals.filter(({ isReached }) => isReached).length;
  return `# Benchmarks

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}; \`npm run bench -- --quick\` prints a shorter run and writes nothing.

- Machine: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, shared with others; Node.js ${process.version}.
- Versions: ${versions.join(', ')}.
- All figures are CPU time of the process in microseconds (\`process.cpuUsage()\`, all threads); ratios are those of the
  minimums of one run. Each part runs in a process of its own, and in it everything by turns: ${effort.rounds.count} short rounds, over sockets ${effort.sockets.count}.
  "Requests at once" is measured once.
- "In one process" drives the application's request listener with Node's own request and response objects on a socket that
  leads nowhere: without the kernel's part, so ratios are larger than a server's. "Over sockets" has each application in a
  process of its own, on one core, and autocannon on the other.
- "Again" is the same application a second time: how far it is from 1.00 is the noise of the run. Goals that are missed
  or met by less than that are undecided; the noise is given as a ratio above 1, whichever way it goes.
- The floor is hand-written \`node:crypto\` that makes the same bytes and checks nothing but authenticity. Where all sessions
  share one key, encryption costs less; why ours do not is in [format.md](format.md).
- Not measured: itsdangerous, which is Python.

![CPU time of a request](benchmarks.svg)

## Goals: ${reached} of ${goals.length} reached

${textOfGoals(goals)}
## Tables

${tables.map(textOf).join('\n')}
## Heap after ${HEAP_ROUNDS.map((rounds) => rounds * effort.sockets.requests).join(' and ')} requests

${heaps.map((heap) => `- ${heap}`).join('\n')}

## Which way to take the session

A controller that injects \`SessionService\` is made anew for each request, with all that it injects, whatever the provider is: that
is what "empty request-scoped provider" costs. Nest's durable providers do not help: a durable instance is shared by many
requests, and a session must not be. Take \`@Session()\` in controllers and \`SessionManager.open()\` in singletons; inject
\`SessionService\` where the code is request-scoped anyway, or where that cost does not count.
`;
}
