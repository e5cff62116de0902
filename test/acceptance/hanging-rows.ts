import { Server } from '../load/server-process.js';
import { startRedis } from '../support/redis-server.js';
import { rowOf, type TableRow, type TableRows } from '../support/table-row.js';
import { type Timed, timedFetch } from './timed-fetch.js';

/** Requests at once, each of a visitor of its own. */
const AT_ONCE = 200;
/** Of the application, in milliseconds. */
const TIMEOUT = 1000;
/** What a busy machine may add to a `timeout`, and to a page that needs no store, in milliseconds. */
const [SLACK, PAGE_SLACK] = [500, 10];
/** Pages, one after another. */
const PAGES = 10;

/** A Redis that takes commands and answers none, as by `kill -STOP`. */
export async function* hangingRows(): TableRows {
  for (const platform of ['express', 'fastify']) yield* hangOn(platform);
}

async function* hangOn(platform: string): TableRows {
  const redis = await startRedis();
  const errors: string[] = [];
  const server = new Server('../acceptance/hanging-app.ts', [platform, `${redis.port}`], {
    fail: (text) => void errors.push(text),
  });
  try {
    const [port] = (await server.next('listening')).ports;
    const url = `http://127.0.0.1:${port}`;
    const atOnce = async (path: string, cookies: readonly string[]) =>
      Promise.all(cookies.map(async (cookie) => timedFetch(url + path, cookie)));
    const cookies = (await atOnce('/login', Array(AT_ONCE).fill(''))).map(({ cookie }) => cookie);
    const [cookie = ''] = cookies;

    // Once as a rehearsal: what runs for the first time is slow.
    redis.process.signal('SIGSTOP');
    await atOnce('/used', cookies);
    redis.process.signal('SIGCONT');
    while ((await timedFetch(`${url}/used`, cookie)).status !== 200);

    const live = { visitor: await pages(url, cookie), stranger: await pages(url, '') };
    redis.process.signal('SIGSTOP');
    const first = await atOnce('/used', cookies);
    const asked = Number((await timedFetch(`${url}/asked`)).text);
    const next = await atOnce('/used', cookies);
    const waiting = Number((await timedFetch(`${url}/asked`)).text) - asked;
    yield unusedRow(`a visitor without a session, ${platform}`, live.stranger, await pages(url, ''));
    yield unusedRow(`a visitor with a session, ${platform}`, live.visitor, await pages(url, cookie));
    yield outageRow(`until it is known, ${platform}`, first);
    const row = outageRow(platform, next);
    const verdict = row.verdict === 'reached' && waiting <= 1 ? 'reached' : 'missed';
    const [figure, limit] = [`${row.figure}, ${waiting} waited for the store`, `${row.limit}, and 1 that waits`];
    yield { ...row, verdict, figure, limit, details: errors };
  } finally {
    server.kill();
    await redis.stop();
  }
}

/** Pages that use no session, one after another. */
async function pages(url: string, cookie: string): Promise<readonly Timed[]> {
  const found: Timed[] = [];
  for (let page = 0; page < PAGES; page++) found.push(await timedFetch(`${url}/unused`, cookie));
  return found;
}

function unusedRow(whose: string, live: readonly Timed[], hanging: readonly Timed[]): TableRow {
  const [before, now] = [medianOf(live), medianOf(hanging)];
  const isFine = hanging.every(({ status }) => status === 200) && now <= before + PAGE_SLACK;
  const figure = `${now.toFixed(1)} ms, and ${before.toFixed(1)} ms with a live store`;
  return rowOf(`store hangs, unused pages of ${whose}`, figure, `at most ${PAGE_SLACK} ms more`, isFine);
}

function outageRow(when: string, answers: readonly Timed[]): TableRow {
  const slowest = Math.max(...answers.map(({ milliseconds }) => milliseconds));
  const refused = answers.filter(({ status }) => status === 503).length;
  const [limit, isFine] = [TIMEOUT + SLACK, refused === AT_ONCE && slowest <= TIMEOUT + SLACK];
  const figure = `${refused} times 503, slowest ${(slowest / 1000).toFixed(2)} s`;
  const name = `store hangs, ${AT_ONCE} requests at once, ${when}`;
  return rowOf(name, figure, `at most ${limit / 1000} s`, isFine);
}

function medianOf(answers: readonly Timed[]): number {
  const sorted = answers.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
