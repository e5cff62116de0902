import { measure, type Measured, rotated, type Rounds } from '../measure/rounds.js';
import { type Found, type Samples, samplesOf } from '../measure/samples.js';
import { load } from './load.js';
import type { Order } from './protocol.js';
import { ServerProcess } from './server-process.js';

/** What a server is started with, under the name by which it stands in a table. */
export interface Application extends Order {
  readonly name: string;
  /** In how many of the starts it takes part, spread evenly over them. @default all */
  readonly starts?: number;
}

/** How many processes of each application are measured. */
export interface Effort {
  /** How often all of them are started anew: the compiler decides otherwise in each process. */
  readonly starts: number;
  /** Requests that each has answered before it is measured: by then the compiler has done most of its work. */
  readonly warmUp: number;
}

/** In how many turns the requests of the warm-up are sent. */
const TURNS = 7;

/** What so many requests cost a server, in microseconds of CPU time. */
type Spending = (server: ServerProcess, times: number) => Promise<number>;

/** One way of sending requests, and how often. */
export interface Way {
  readonly spending: Spending;
  readonly rounds: Rounds;
}

/** Requests that a server sends itself, without the kernel's part: that is the same for all, and noisy. */
export function inProcess(rounds: Rounds): Way {
  return { spending: (server, times) => server.ask({ times }), rounds };
}

/** Requests over sockets, so many at once. */
export function overSockets(rounds: Rounds, connections: number): Way {
  return { spending: (server, requests) => load(server, { requests, connections }), rounds };
}

/**
 * Measures applications by turns: each in a process of its own, so that none finds another's compiled code and garbage.
 *
 * @returns the samples of each way
 */
export async function measureApplications(
  applications: readonly Application[],
  { starts, warmUp }: Effort,
  ways: readonly Way[],
): Promise<Samples[]> {
  const found: Found[][] = ways.map(() => []);
  for (let start = 0; start < starts; start++) {
    const present = applications.filter((application) => takesPart(application.starts ?? starts, start, starts));
    // Whose process is older is a little slower, whatever runs in it.
    const order = rotated(present, Math.floor((start * present.length) / starts));
    const servers = await Promise.all(order.map((application) => ServerProcess.start(application)));
    // By turns too: the compiler works in the background, and goes on while others are asked.
    for (let turn = 0; turn < TURNS; turn++) {
      for (const server of servers) await server.ask({ times: Math.ceil(warmUp / TURNS) });
    }
    for (const [index, { spending, rounds }] of ways.entries()) {
      const subjects = servers.map((server, at): Measured => {
        return { name: order[at]?.name ?? '', spend: (times) => spending(server, times) };
      });
      found[index]?.push(await measure(subjects, rounds));
    }
    for (const server of servers) server.stop();
  }
  return found.map(samplesOf);
}

/** Whether who takes part in some of the starts does so in this one: early and late, as positions change from start to start. */
export function takesPart(some: number, start: number, starts: number): boolean {
  return (start * some) % starts < some;
}
