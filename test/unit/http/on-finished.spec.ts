import { describe, expect, it } from '@jest/globals';
import { onFinished } from '../../../lib/http/on-finished.js';
import { newResponse } from '../../support/exchange.js';

describe('onFinished', () => {
  it.each(['finish', 'close'])('calls back once, at %s, and leaves no listener behind', (event) => {
    const response = newResponse();
    const before = response.eventNames();
    let calls = 0;
    onFinished(response, () => calls++);
    expect(calls).toBe(0);
    for (const each of [event, 'close', 'finish']) response.emit(each);
    expect([calls, response.eventNames()]).toEqual([1, before]);
  });

  it.each<[string, () => ReturnType<typeof newResponse> | undefined]>([
    ['has ended', () => newResponse().end()],
    ['was destroyed', () => newResponse().destroy()],
    ['is not known any more', () => undefined],
  ])('calls back as soon as the running code returns, where the response %s', async (_, responseOf) => {
    const response = responseOf();
    let calls = 0;
    onFinished(response, () => calls++);
    expect(calls).toBe(0);
    await Promise.resolve();
    expect(calls).toBe(1);
  });
});
