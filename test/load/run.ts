// Many visitors at once against real servers: npm run test:load. LOAD_REQUESTS=2000 makes it short. --store: see store/rows.ts.
import { Agent } from 'node:http';
import { printRows } from '../support/table-row.js';
import { Server } from './server-process.js';
import { loadRows } from './store/rows.js';
import { Tally } from './tally.js';
import { Visitor } from './visitor.js';

/** For each platform. */
const REQUESTS = Number(process.env.LOAD_REQUESTS ?? 20_000);
const AT_ONCE = 50;
const VISITORS_EACH = 3;
/** The live heap may grow by so much between the second quarter and the end. */
const GROWTH = 1.1;
/** After so many milliseconds a platform has failed: 30 s to start, and 20 ms for each request. */
const DEADLINE = 30_000 + REQUESTS * 20;

const MIB = 1024 * 1024;
/** Visitors in as many groups as there are requests at once: nobody sends two at a time. */
function visitorsOf(tally: Tally, ports: readonly number[], agent: Agent): Visitor[][] {
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  return Array.from({ length: AT_ONCE }, (_, group) =>
    Array.from({ length: VISITORS_EACH }, (__, index) => {
      const number = group * VISITORS_EACH + index;
      return new Visitor(`v${number}v`, urls[number % urls.length] ?? '', agent, tally);
    }),
  );
}

async function visit(groups: readonly Visitor[][], requests: number): Promise<void> {
  let begun = 0;
  const work = async (group: Visitor[]) => {
    while (begun++ < requests) await group[Math.floor(Math.random() * group.length)]?.act();
  };
  await Promise.all(groups.map(work));
}

async function load(platform: string, tally: Tally): Promise<readonly [before: number, after: number]> {
  const server = new Server('server.ts', [platform], tally);
  const deadline = setTimeout(() => server.kill(), DEADLINE);
  try {
    const { ports } = await server.next('listening');
    const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
    const groups = visitorsOf(tally, ports, agent);
    const heaps: number[] = [];
    for (let half = 0; half < 2; half++) {
      await visit(groups, REQUESTS / 2);
      agent.destroy();
      server.tell('measure');
      heaps.push((await server.next('heap')).bytes);
    }
    server.tell('stop');
    const [before = 0, after = 0] = heaps;
    return [before, after];
  } catch (error) {
    server.kill();
    throw error;
  } finally {
    clearTimeout(deadline);
  }
}

if (process.argv.includes('--store')) await printRows(loadRows(REQUESTS));
else await run();

async function run(): Promise<void> {
  for (const platform of ['express', 'fastify']) {
    const tally = new Tally();
    process.on('unhandledRejection', (error) => tally.fail(String(error)));
    const start = performance.now();
    const [before, after] = await load(platform, tally).catch((error: unknown) => {
      tally.fail(String(error));
      return [0, 0] as const;
    });
    const { requests, aborts, errors, crossTalk, samples } = tally;
    const heap = `heap ${(before / MIB).toFixed(1)} -> ${(after / MIB).toFixed(1)} MiB`;
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    process.stdout.write(
      `${platform}: ${requests} requests, ${aborts} aborts, ${errors} errors, ${crossTalk} cross-talk, ${heap} (${seconds} s)\n`,
    );
    for (const text of samples) process.stdout.write(`  ${text}\n`);
    const isFine = requests === REQUESTS && errors === 0 && crossTalk === 0 && aborts > 0 && after <= before * GROWTH;
    if (!isFine) process.exitCode = 1;
  }
}
