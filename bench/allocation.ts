// What a request leaves to the garbage collector, and what stays: counted, not timed, and so nearly free of noise.
import { type Goal, goalOf, READ } from './goals.js';
import { newCookie, ServerProcess } from './http.js';
import { AFTERWARDS, EMPTY, PLATFORMS, rowsOn } from './rows.js';
import type { Question } from './server.js';

/** Requests before the heap is looked at, and between two looks: what they allocate fits into the young generation. */
const [WARM_UP, LOT] = [12_000, 3000];
/** Requests that the heap is to be flat over, clients that they come from, and how many of these are busy. */
const [MANY, CLIENTS, BUSY] = [100_000, 10_000, 500];
/** With one thread, V8 compiles the same each time. */
const FLAGS = ['--expose-gc', '--single-threaded', '--min-semi-space-size=256', '--max-semi-space-size=256'];

/** KiB in the heap after so many requests beyond those before; one after another, as requests at once share some of it. */
async function growthOf(server: ServerProcess, cookies: readonly string[], amount: number, of: Question) {
  const before = await server.ask('collected');
  await server.send(cookies, amount, 1);
  return ((await server.ask(of)) - before) / 1024;
}

/** What the tokens take that take the most to remember: those with empty objects, until the memory is full of them. */
async function rememberedGoal(server: ServerProcess): Promise<Goal> {
  const data = { name: 'Ada', empty: Array.from({ length: 900 }, () => ({})) };
  const tokens = Array.from({ length: 236 }, () => newCookie(server.row, data));
  // Each comes twice, as only then it is remembered.
  const value = await growthOf(server, [...tokens, ...tokens], 2 * tokens.length, 'collected');
  return goalOf('MiB that remembered tokens take at most', 16, { value: value / 1024, margin: 0 });
}

/** What stays of many clients, by turns with a few busy ones. */
async function flatGoal(server: ServerProcess): Promise<Goal> {
  const clients = Array.from({ length: CLIENTS }, () => newCookie(server.row));
  const cookies = clients.flatMap((cookie, index) => [cookie, clients[index % BUSY] ?? cookie]);
  await server.send(cookies, 2 * CLIENTS, 1);
  const value = await growthOf(server, cookies, MANY, 'collected');
  const text = `MiB that the heap grows by over ${MANY} requests of ${CLIENTS} clients`;
  return goalOf(text, 1, { value: value / 1024, margin: 0 });
}

/** Counts, under the Node of this path. */
export async function countAllocations(node: string): Promise<Goal[]> {
  const goals: Goal[] = [];
  for (const platform of PLATFORMS) {
    const allocated: Record<string, number> = {};
    for (const row of rowsOn(platform).filter(({ name }) => [EMPTY, AFTERWARDS, READ].includes(name))) {
      const server = await ServerProcess.start(row, node, FLAGS);
      const cookies = [newCookie(row)];
      await server.send(cookies, WARM_UP, 1);
      allocated[row.name] = (await growthOf(server, cookies, LOT, 'allocated')) / LOT;
      // What is remembered does not depend on the framework.
      if (row.name === READ) goals.push(await (platform === 'Express' ? rememberedGoal : flatGoal)(server));
      server.stop();
    }
    for (const reference of [EMPTY, AFTERWARDS]) {
      const value = (allocated[READ] ?? 0) - (allocated[reference] ?? 0);
      const text = `${platform}: KiB that reading a repeated token allocates beyond an ${reference}`;
      const compared = [READ, reference].map((name) => [platform, name] as const);
      goals.push(goalOf(text, 1, { value, margin: 0 }, compared));
    }
  }
  return goals;
}
