import { rowOf, type TableRow, type TableRows } from '../../support/table-row.js';
import { type Heaps, loadStore } from './load.js';
import type { StoreTally } from './tally.js';

/** The live heap may grow by so much between the first half and the end. */
const GROWTH = 1.1;
/** Of the counter-test: as many requests as are sure to fail. */
const COUNTER_REQUESTS = 4000;
const MIB = 1024 * 1024;

/**
 * Two processes whose sessions are in one Redis, which is killed twice; and the same with a store that overwrites, which must
 * fail. A failure is a request without an answer, an answer other than 200, 302, 403 and 503, or an error that a server logs.
 *
 * @param requests for each platform
 */
export async function* loadRows(requests: number): TableRows {
  for (const platform of ['express', 'fastify']) {
    const { tally, heaps } = await loadStore(platform, 'good', requests);
    yield losses(platform, tally, requests);
    yield growth(platform, heaps);
  }
  const { tally } = await loadStore('express', 'overwriting', Math.min(requests, COUNTER_REQUESTS));
  const isFailing = tally.lost > 0 && tally.resurrected > 0 && tally.restored > 0 && tally.errors === 0;
  const figure = `${foundWrong(tally)} of ${tally.requests} requests`;
  const name = 'load, a store that overwrites (counter-test)';
  yield { ...rowOf(name, figure, 'at least 1 of each', isFailing), details: tally.samples };
}

function losses(platform: string, tally: StoreTally, requests: number): TableRow {
  const { crossTalk, errors, confirmed, aborts, outages } = tally;
  const deeds = Object.entries(confirmed).map(([deed, count]) => `${count} ${deed}`);
  const figure =
    `${foundWrong(tally)}, ${crossTalk} cross-talk, ${errors} failures of ${tally.requests} requests` +
    ` (confirmed: ${deeds.join(', ')}; ${outages} times 503,` +
    ` ${((aborts / tally.requests) * 100).toFixed(1)} % aborted)`;
  const isReached = tally.isClean && tally.isComplete && tally.requests >= requests;
  const row = rowOf(`load, Redis killed twice, ${platform}`, figure, 'at most 0 of each', isReached);
  return { ...row, details: tally.samples };
}

function foundWrong({ lost, resurrected, restored }: StoreTally): string {
  return `${lost} lost, ${resurrected} sessions and ${restored} values resurrected`;
}

function growth(platform: string, { before, after }: Heaps): TableRow {
  const figure = `${(before / MIB).toFixed(1)} to ${(after / MIB).toFixed(1)} MiB`;
  const isFlat = before > 0 && after <= before * GROWTH;
  return rowOf(`load, heap of both processes, ${platform}`, figure, `at most ${GROWTH} times as much`, isFlat);
}
