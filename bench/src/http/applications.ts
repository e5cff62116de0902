import { measure, merged, type Measured, type Rounds, type Samples } from '../measure/rounds.js';
import { load } from './load.js';
import type { Order } from './protocol.js';
import { ServerProcess } from './server-process.js';

/** What a server is started with, under the name by which it stands in a table. */
export interface Application extends Order {
  readonly name: string;
}

/** How much is measured of applications. */
export interface Effort {
  /** How often all of them are started anew: the compiler decides otherwise in each process. */
  readonly starts: number;
  /** Requests that each has answered before it is measured: by then the compiler has done its work. */
  readonly warmUp: number;
  readonly rounds: Rounds;
}

/** What so many requests cost a server, in microseconds of CPU time. */
type Spending = (server: ServerProcess, times: number) => Promise<number>;

/** Requests that a server sends itself, without the kernel's part: that is the same for all, and noisy. */
export const inProcess: Spending = (server, times) => server.ask({ times });

/** Requests over sockets, so many at once. */
export function atOnce(connections: number): Spending {
  return (server, times) => load(server, { requests: times, connections: Math.min(times, connections) });
}

/** As many at once as keep the server busy. */
export const overSockets = atOnce(32);

/**
 * Measures applications by turns: each in a process of its own, so that none finds another's compiled code and garbage.
 */
export async function measureApplications(
  applications: readonly Application[],
  spending: Spending,
  { starts, warmUp, rounds }: Effort,
): Promise<Samples> {
  const runs: Samples[] = [];
  for (let start = 0; start < starts; start++) {
    const servers = await Promise.all(applications.map((application) => ServerProcess.start(application)));
    for (const server of servers) await server.ask({ times: warmUp });
    const subjects = servers.map((server, index): Measured => {
      return { name: applications[index]?.name ?? '', spend: (times) => spending(server, times) };
    });
    runs.push(await measure(subjects, rounds));
    for (const server of servers) server.stop();
  }
  return merged(runs);
}
