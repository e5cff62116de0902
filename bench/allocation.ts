// What a request leaves to the garbage collector, and what stays: counted, not timed, and so nearly free of noise.
import { EMPTY, type Goal, goalOf, PLATFORMS, READ } from './goals.js';
import { newCookie, rowsOn, ServerProcess } from './http.js';

/** Requests between two looks at the heap, how often it is looked at, and requests before that. */
const [LOT, LOTS, WARM_UP] = [1500, 8, 12_000];
/** Requests that the heap is to be flat over, clients that they come from, and how many of these are busy. */
const [MANY, CLIENTS, BUSY] = [100_000, 10_000, 500];
/** With one thread, V8 compiles the same each time; and the young generation holds what a lot allocates. */
const FLAGS = ['--expose-gc', '--single-threaded', '--min-semi-space-size=256', '--max-semi-space-size=256'];

/** KiB that a request allocates: one after another, as requests at once share some of it. */
async function allocatedBy(server: ServerProcess): Promise<number> {
  const cookies = [newCookie(server.row)];
  await server.send(cookies, WARM_UP, 1);
  let bytes = 0;
  for (let lot = 0; lot < LOTS; lot++) {
    const before = await server.ask('collected');
    await server.send(cookies, LOT, 1);
    bytes += (await server.ask('allocated')) - before;
  }
  return bytes / (LOT * LOTS * 1024);
}

/** MiB that the heap grows by over many requests: by turns from all clients, and from the busy ones. */
async function growthOf(server: ServerProcess): Promise<number> {
  const clients = Array.from({ length: CLIENTS }, () => newCookie(server.row));
  const cookies = clients.flatMap((cookie, index) => [cookie, clients[index % BUSY] ?? cookie]);
  await server.send(cookies, 2 * CLIENTS, 1);
  const before = await server.ask('collected');
  await server.send(cookies, MANY, 1);
  return ((await server.ask('collected')) - before) / 1024 ** 2;
}

/** Counts, under the Node of this path. */
export async function countAllocations(node: string): Promise<Goal[]> {
  const goals: Goal[] = [];
  for (const platform of PLATFORMS) {
    const rows = rowsOn(platform).filter(({ name }) => name === EMPTY || name === READ);
    let [value, growth] = [0, 0];
    for (const row of rows) {
      const server = await ServerProcess.start(row, node, FLAGS);
      const isOurs = row.name !== EMPTY;
      value += (await allocatedBy(server)) * (isOurs ? 1 : -1);
      // What is remembered does not depend on the framework.
      if (isOurs && platform === 'Fastify') growth = await growthOf(server);
      server.stop();
    }
    const text = `${platform}: KiB that reading a repeated token allocates`;
    const compared = [READ, EMPTY].map((name) => [platform, name] as const);
    goals.push(goalOf(text, 1, { value, margin: 0 }, compared));
    const flat = `${platform}: MiB that the heap grows by over ${MANY} requests of ${CLIENTS} clients`;
    if (platform === 'Fastify') goals.push(goalOf(flat, 1, { value: growth, margin: 0 }));
  }
  return goals;
}
