import { once } from 'node:events';
import { Pool } from 'pg';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { postgresSchema } from '../../lib/store/index.js';
import { Server } from '../load/server-process.js';
import { startPostgres } from '../support/postgres-server.js';
import { startRedis } from '../support/redis-server.js';
import { rowOf, type TableRow, type TableRows } from '../support/table-row.js';
import { timedFetch } from './timed-fetch.js';

/** Of each engine and kind of sockets; by turns one session ends, and all of its person. */
const TRIES = 20;
/** From the request that ends a session to the closed socket, in milliseconds. */
const LIMIT = 1000;

const ENGINES = {
  redis: startRedis,
  postgres: async () => {
    const server = await startPostgres();
    const pool = new Pool({ connectionString: server.url });
    await pool.query(postgresSchema());
    await pool.end();
    return server;
  },
} as const;

/** Opens a socket. @returns when the server has closed it, as `performance.now()` has it */
const SOCKETS = {
  'socket.io': async (url: string, cookie: string) => {
    const socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      extraHeaders: { cookie },
    });
    const closed = new Promise<number>((resolve) => void socket.once('disconnect', () => resolve(performance.now())));
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return { closed };
  },
  ws: async (url: string, cookie: string) => {
    const socket = new WebSocket(url.replace('http', 'ws'), { headers: { cookie } });
    const closed = once(socket, 'close').then(() => performance.now());
    await once(socket, 'open');
    return { closed };
  },
} as const;

/** A session ends in one process, and its sockets are in another. */
export async function* revocationRows(): TableRows {
  for (const engine of ['redis', 'postgres'] as const) {
    const database = await ENGINES[engine]();
    try {
      for (const kind of ['socket.io', 'ws'] as const) yield await revokeOver(engine, kind, database.url);
    } finally {
      await database.stop();
    }
  }
}

async function revokeOver(engine: string, kind: keyof typeof SOCKETS, database: string): Promise<TableRow> {
  const details: string[] = [];
  const start = () =>
    new Server('../acceptance/revocation-app.ts', [engine, database, kind], {
      fail: (text) => void details.push(text),
    });
  const servers = [start(), start()];
  try {
    const listening = await Promise.all(servers.map(async (server) => server.next('listening')));
    const [here = '', there = ''] = listening.map(({ ports }) => `http://127.0.0.1:${ports[0]}`);
    const times: number[] = [];
    for (let number = 0; number < TRIES; number++) {
      const { cookie } = await timedFetch(`${here}/login`);
      const { closed } = await SOCKETS[kind](here, cookie);
      const begun = performance.now();
      await timedFetch(`${there}/${number % 2 === 0 ? 'destroy' : 'deleteAllOf'}`, cookie);
      const late = new Promise<number>((resolve) => void setTimeout(resolve, 2 * LIMIT, Infinity).unref());
      times.push((await Promise.race([closed, late])) - begun);
    }
    const slowest = Math.max(...times);
    const figure = `slowest of ${TRIES} ${slowest.toFixed(0)} ms`;
    const name = `revocation to closed socket in another process, ${engine}, ${kind}`;
    return { ...rowOf(name, figure, `at most ${LIMIT} ms`, slowest < LIMIT), details };
  } finally {
    for (const server of servers) server.kill();
  }
}
