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
/** Pages, one after another, and outages. */
const [PAGES, OUTAGES] = [10, 3];

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
    const cookies: string[] = [];
    // One after another: on a busy machine, so many at once may miss the deadline.
    while (cookies.length < AT_ONCE) cookies.push((await timedFetch(`${url}/login`)).cookie);
    const [cookie = ''] = cookies;

    let live: { visitor: readonly Timed[]; stranger: readonly Timed[] } = { visitor: [], stranger: [] };
    const [first, next]: [Timed[][], Timed[][]] = [[], []];
    for (let outage = 0; outage < OUTAGES; outage++) {
      redis.process.signal('SIGCONT');
      while ((await timedFetch(`${url}/used`, cookie)).status !== 200);
      live = { visitor: await pages(url, cookie), stranger: await pages(url, '') };
      redis.process.signal('SIGSTOP');
      first.push(await atOnce('/used', cookies));
      next.push(await atOnce('/used', cookies));
    }
    yield unusedRow(`a visitor without a session, ${platform}`, live.stranger, await pages(url, ''));
    yield unusedRow(`a visitor with a session, ${platform}`, live.visitor, await pages(url, cookie));
    yield { ...outageRow(`until it is known, ${platform}`, first, AT_ONCE), details: errors };
    yield outageRow(`once it is known, ${platform}`, next, 1);
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

/** @param most how many requests may wait for `timeout` */
function outageRow(when: string, outages: readonly (readonly Timed[])[], most: number): TableRow {
  const refused = Math.min(...outages.map((answers) => answers.filter(({ status }) => status === 503).length));
  // What else the machine does makes an outage slower and none faster: the best one counts.
  const [best = []] = outages.toSorted((one, other) => slowestOf(one) - slowestOf(other));
  const waiting = best.filter(({ milliseconds }) => milliseconds >= TIMEOUT).length;
  const isFine = refused === AT_ONCE && slowestOf(best) <= TIMEOUT + SLACK && waiting <= most;
  const figure = `${refused} times 503, slowest ${(slowestOf(best) / 1000).toFixed(2)} s, ${waiting} waited for timeout`;
  const limit = `at most ${(TIMEOUT + SLACK) / 1000} s, and ${most} that wait`;
  return rowOf(`store hangs, ${AT_ONCE} requests at once, ${when}`, figure, limit, isFine);
}

function slowestOf(answers: readonly Timed[]): number {
  return Math.max(...answers.map(({ milliseconds }) => milliseconds));
}

function medianOf(answers: readonly Timed[]): number {
  const sorted = answers.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
