// What a request leaves to the garbage collector, and what stays: counted, not timed, and so nearly free of noise.
import { type Goal, goalOf, READ } from './goals.js';
import { newCookie, ServerProcess } from './http.js';
import { AFTERWARDS, EMPTY, PLATFORMS, rowsOn } from './rows.js';

/** Requests before the heap is looked at, and between two looks: what they allocate fits into the young generation. */
const [WARM_UP, LOT] = [12_000, 3000];
/** Requests that the heap is to be flat over, clients that they come from, and how many of these are busy. */
const [MANY, CLIENTS, BUSY] = [100_000, 10_000, 500];
/** With one thread, V8 compiles the same each time. */
const FLAGS = ['--expose-gc', '--single-threaded', '--min-semi-space-size=256', '--max-semi-space-size=256'];

/** KiB that a request allocates: one after another, as requests at once share some of it. */
async function allocatedBy(server: ServerProcess): Promise<number> {
  const cookies = [newCookie(server.row)];
  await server.send(cookies, WARM_UP, 1);
  const before = await server.ask('collected');
  await server.send(cookies, LOT, 1);
  return ((await server.ask('allocated')) - before) / (LOT * 1024);
}

/** MiB that the heap grows by over so many requests. */
async function growthOf(server: ServerProcess, cookies: readonly string[], amount: number): Promise<number> {
  const before = await server.ask('collected');
  await server.send(cookies, amount, 1);
  return ((await server.ask('collected')) - before) / 1024 ** 2;
}

/** What stays: of clients by turns with a few busy ones, and of the tokens that take the most to remember. */
async function memoryGoals(server: ServerProcess): Promise<Goal[]> {
  // Empty objects take the most memory for a character. Each comes twice, as only then it is remembered, until it is full.
  const worst = { name: 'Ada', empty: Array.from({ length: 900 }, () => ({})) };
  const tokens = Array.from({ length: 236 }, () => newCookie(server.row, worst));
  const remembered = await growthOf(server, [...tokens, ...tokens], 2 * tokens.length);
  const clients = Array.from({ length: CLIENTS }, () => newCookie(server.row));
  const cookies = clients.flatMap((cookie, index) => [cookie, clients[index % BUSY] ?? cookie]);
  await server.send(cookies, 2 * CLIENTS, 1);
  const growth = await growthOf(server, cookies, MANY);
  return [
    goalOf('MiB that remembered tokens take at most', 16, { value: remembered, margin: 0 }),
    goalOf(`MiB that the heap grows by over ${MANY} requests of ${CLIENTS} clients`, 1, { value: growth, margin: 0 }),
  ];
}

/** Counts, under the Node of this path. */
export async function countAllocations(node: string): Promise<Goal[]> {
  const goals: Goal[] = [];
  for (const platform of PLATFORMS) {
    const bytes: Record<string, number> = {};
    for (const row of rowsOn(platform).filter(({ name }) => [EMPTY, AFTERWARDS, READ].includes(name))) {
      const server = await ServerProcess.start(row, node, FLAGS);
      bytes[row.name] = await allocatedBy(server);
      // What is remembered does not depend on the framework.
      if (row.name === READ && platform === 'Fastify') goals.push(...(await memoryGoals(server)));
      server.stop();
    }
    for (const reference of [EMPTY, AFTERWARDS]) {
      const text = `${platform}: KiB that reading a repeated token allocates beyond an ${reference}`;
      const value = (bytes[READ] ?? 0) - (bytes[reference] ?? 0);
      const compared = [READ, reference].map((name) => [platform, name] as const);
      goals.push(goalOf(text, 1, { value, margin: 0 }, compared));
    }
  }
  return goals;
}
