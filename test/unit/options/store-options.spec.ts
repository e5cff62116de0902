import { describe, expect, it } from '@jest/globals';
import { memoryStore } from 'nestjs-sessions/store';
import { sessionOption } from '../../../lib/options/option-errors.js';
import { parseStore, type SessionStoreOptions } from '../../../lib/options/store-options.js';
import { errorOf } from '../../support/errors.js';
import { polluted } from '../../support/polluted.js';

const store = memoryStore();
const noop = () => undefined;

describe('parseStore', () => {
  it.each([store, { store }, { store, timeout: undefined }])('fills in the defaults', (given) => {
    const settings = parseStore(given, sessionOption);
    expect({ ...settings }).toEqual({
      store,
      data: 'store',
      adopt: false,
      timeout: 1,
      unavailable: 'error',
      sweepEvery: 900,
    });
    expect([settings.store === store, Object.isFrozen(settings)]).toEqual([true, true]);
  });

  it('keeps what is given', () => {
    const options = {
      store,
      data: 'cookie',
      subject: noop,
      describe: noop,
      adopt: true,
      timeout: 0.5,
      unavailable: 'anonymous',
      skip: () => true,
      sweepEvery: false,
    } as const;
    expect({ ...parseStore(options satisfies Required<SessionStoreOptions>, sessionOption) }).toEqual(options);
  });

  it.each<[keyof SessionStoreOptions, unknown, string]>([
    ['data', 'memory', 'Give "store" or "cookie".'],
    ['adopt', 1, 'Give true or false.'],
    ['describe', 'a phone', 'Give a function.'],
    ['timeout', 0, 'Give a number of seconds above 0, at most 86400.'],
    ['timeout', 86_401, 'Give a number of seconds above 0, at most 86400.'],
    ['timeout', '1', 'Give a number of seconds above 0, at most 86400.'],
    ['unavailable', 'hang', 'Give "error" or "anonymous".'],
    ['skip', '/assets', 'Give a function.'],
    ['subject', 'user', 'Give a function.'],
    ['sweepEvery', true, 'Give false, or seconds above 0, at most 86400.'],
    ['sweepEvery', 0, 'Give false, or seconds above 0, at most 86400.'],
  ])('refuses %s: %p', (option, value, remedy) => {
    expect(errorOf(() => parseStore({ store, [option]: value }, sessionOption))).toEqual({
      code: 'ERR_SESSION_OPTION_INVALID',
      message: `Cannot use the session option "store.${option}": its value is not possible. ${remedy}`,
    });
  });

  it('refuses an option that does not exist', () => {
    expect(errorOf(() => parseStore({ store, Timeout: 1 } as object as SessionStoreOptions, sessionOption))).toEqual({
      code: 'ERR_SESSION_OPTION_UNKNOWN',
      message: 'Cannot use the session option "store.Timeout": it does not exist. Did you mean timeout?',
    });
  });

  it('takes no option from a polluted Object.prototype', () => {
    const { skip } = polluted({ skip: noop }, () => ({ skip: parseStore(store, sessionOption).skip }));
    expect(skip).toBeUndefined();
  });
});
