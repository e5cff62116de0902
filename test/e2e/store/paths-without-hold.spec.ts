import { expect, it, jest } from '@jest/globals';
import type { DepartureListener } from '../../../lib/http/hold.js';
import type { RawResponse } from '../../../lib/http/raw-http.js';

/** Saves at the same time, and lets the response go at once: what a session without the hold would do. */
function letGo(response: RawResponse, listener?: DepartureListener): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => RawResponse;
  if (listener === undefined) return;
  response.writeHead = (...args: unknown[]) => {
    listener.onDeparture()?.catch(() => undefined);
    return writeHead(...args);
  };
}

jest.unstable_mockModule('../../../lib/http/hold-back.js', () => ({
  holdBack: letGo,
  isLeaving: () => false,
  whenLeft: () => undefined,
}));
const { describeOnEachPlatform } = await import('../../support/app.js');
const { PATHS } = await import('./support/paths.js');
const { visit } = await import('./support/visit.js');
const { TestStore } = await import('../../support/stores.js');

// The counter-test: what it says of the paths is not wished for, but shows that paths.spec.ts can fail.
describeOnEachPlatform('Without the hold, the client sees the answer before the session is saved', (platform) => {
  it.each(PATHS.filter(({ byInterceptor }) => byInterceptor !== true))('$path', async (row) => {
    const store = new TestStore();
    // No save ever ends: an answer that comes has not waited for it.
    store.before = (command) => (command === 'save' || command === 'delete' ? new Promise(() => undefined) : undefined);
    const { data } = await visit(platform, row, store);
    expect(data).toEqual({ n: 1 });
  });
});
