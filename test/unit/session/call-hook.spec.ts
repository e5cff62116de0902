import { describe, expect, it, jest } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { callHook, catchRejection } from '../../../lib/session/call-hook.js';
import { SessionLog } from '../../../lib/session/session-log.js';
import { unhandledDuring } from '../../support/unhandled.js';

const SECRET = new Error('a value that no log may hold');

/** Calls a hook. @returns the lines of the log, and the rejections that were left unhandled */
async function outcomeOf(call: () => unknown): Promise<{ lines: string[]; unhandled: unknown[] }> {
  const [log, lines] = [new SessionLog('test'), [] as string[]];
  jest.spyOn(log, 'error').mockImplementation((line) => void lines.push(line));
  const unhandled = await unhandledDuring(async () => {
    callHook({ name: 'onReject', subject: 'a rejected cookie', call }, log);
    // Node tells of unhandled rejections before the next turn.
    await setImmediate();
  });
  return { lines, unhandled };
}

describe('callHook()', () => {
  it.each<[string, () => unknown]>([
    ['nothing', () => undefined],
    ['null', () => null],
    ['a number', () => 1],
    ['a text', () => 'then'],
    ['an object that is no promise', () => ({})],
    ['a promise that is fulfilled', async () => Promise.resolve(1)],
  ])('calls it once and logs nothing, where it returns %s', async (_, result) => {
    const call = jest.fn(result);
    expect(await outcomeOf(call)).toEqual({ lines: [], unhandled: [] });
    expect(call).toHaveBeenCalledTimes(1);
  });

  it.each<[string, () => unknown, string]>([
    ['throws', () => raise(), 'threw'],
    ['rejects', async () => raise(), 'was rejected'],
    ['returns a thenable that throws', () => thenable({ value: raise }), 'was rejected'],
    ['returns a thenable that rejects twice', () => thenable({ value: twice }), 'was rejected'],
    ['returns an object whose "then" cannot be read', () => thenable({ get: raise }), 'was rejected'],
  ])('logs one line without what was thrown, where it %s', async (_, call, how) => {
    const line = `Cannot report a rejected cookie: onReject ${how}. Let it catch its own errors.`;
    expect(await outcomeOf(call)).toEqual({ lines: [line], unhandled: [] });
  });
});

describe('catchRejection()', () => {
  it('says whether it was given a promise', () => {
    const values = [Promise.resolve(), thenable({ value: () => {} }), undefined, null, 'then', {}, () => {}];
    expect(values.map((value) => catchRejection(value))).toEqual([true, true, false, false, false, false, false]);
  });

  it('handles a rejection also where nothing is to be done about it', async () => {
    const unhandled = await unhandledDuring(async () => {
      catchRejection(Promise.reject(SECRET));
      await setImmediate();
    });
    expect(unhandled).toEqual([]);
  });
});

function thenable(then: PropertyDescriptor): object {
  // oxlint-disable-next-line unicorn/no-thenable -- what a hook may return
  return Object.defineProperty({}, 'then', then);
}

function raise(): never {
  throw SECRET;
}

function twice(_: unknown, reject: (reason: unknown) => void): void {
  reject(SECRET);
  reject(SECRET);
}
