import { describe, expect, it } from '@jest/globals';
import { JSON_FORMAT } from '../../../lib/data/data-format.js';
import type { SessionRecord } from '../../../lib/data/session-data.js';
import { dataEntries } from '../../../lib/data/given-values.js';
import { TrackedData } from '../../../lib/data/tracked-data.js';
import { errorOf } from '../../support/errors.js';

const contentOf = (data: SessionRecord | undefined) => new TrackedData(data, JSON_FORMAT);

describe('TrackedData', () => {
  it('holds the data that came, or none', () => {
    const data = { a: 1 };
    expect(contentOf(data).values).toBe(data);
    expect(contentOf(undefined).values).toStrictEqual({});
  });

  it('hands out the same object always', () => {
    const content = contentOf({ a: 1 });
    const data = content.share();
    data['b'] = 2;
    content.clear();
    content.rollback();
    expect(content.share()).toBe(data);
    expect(content.values).toBe(data);
  });

  it.each<[string, Record<string, unknown> | undefined, (data: Record<string, unknown>) => void, boolean]>([
    ['nothing happened', { a: 1 }, () => undefined, false],
    ['a value was changed', { a: 1 }, (data) => (data['a'] = 2), true],
    ['a value was set to what it was', { a: { b: 1 } }, (data) => (data['a'] = { b: 1 }), false],
    ['a value was changed and changed back', { a: 1 }, (data) => ((data['a'] = 2), (data['a'] = 1)), false],
    ['a key was added', { a: 1 }, (data) => (data['b'] = 1), true],
    ['a key was added as undefined', { a: 1 }, (data) => (data['b'] = undefined), false],
    ['a key was removed', { a: 1, b: 1 }, (data) => delete data['b'], true],
    [
      'a key was removed and set again, now the last',
      { a: 1, b: 2 },
      (data) => (delete data['a'], (data['a'] = 1)),
      false,
    ],
    [
      'something deep inside was changed',
      { a: { b: [{ c: 1 }] } },
      (data) => Object.assign((data['a'] as { b: [object] }).b[0], { c: 2 }),
      true,
    ],
    ['a list grew', { a: [1, 2] }, (data) => (data['a'] as number[]).push(0), true],
    ['something was changed to what JSON cannot carry', { a: 1 }, (data) => (data['a'] = 1n), true],
    ['a new session got a value', undefined, (data) => (data['a'] = 1), true],
    ['a new session got a value and lost it', undefined, (data) => ((data['a'] = 1), delete data['a']), false],
  ])('knows whether it is modified: %s', (_, data, change, expected) => {
    const content = contentOf(data);
    change(content.share());
    expect(content.isModified).toBe(expected);
  });

  it('compares nothing until the data is handed out', () => {
    const content = contentOf({ a: 1 });
    content.values['a'] = 2;
    expect(content.isModified).toBe(false);
    expect(content.hasLostChanges).toBe(false);
  });

  it('compares with the data that came, not with the data handed out last', () => {
    const content = contentOf({ a: 1 });
    content.share()['a'] = 2;
    content.share();
    expect(content.isModified).toBe(true);
  });

  it('makes one copy that is frozen all through', () => {
    const data = { a: { b: [{ c: null }] }, d: 1 };
    const content = contentOf(data);
    const { readonlyCopy: frozen } = content;
    expect(frozen).toEqual({ a: { b: [{ c: null }] }, d: 1 });
    expect(content.readonlyCopy).toBe(frozen);
    const { a } = frozen as typeof data;
    expect([frozen, a, a.b, a.b[0]].map((part) => Object.isFrozen(part))).toStrictEqual([true, true, true, true]);
    expect([data, data.a, data.a.b].map((part) => Object.isFrozen(part))).toStrictEqual([false, false, false]);
    expect(content.isModified).toBe(false);
  });

  it('clears all keys, or all but some', () => {
    const content = contentOf({ a: 1, b: 2, c: 3 });
    content.clear(['b', 'x']);
    expect(content.values).toStrictEqual({ b: 2 });
    content.clear();
    expect(content.values).toStrictEqual({});
  });

  it('rolls back to the data that came, after changes at any depth', () => {
    const content = contentOf({ a: { b: [1] }, c: 1 });
    const data = content.share();
    (data['a'] as { b: number[] }).b.push(2);
    delete data['c'];
    data['d'] = 1n;
    content.rollback();
    expect(data).toStrictEqual({ a: { b: [1] }, c: 1 });
    expect(content.isModified).toBe(false);
  });

  it('writes the data that came when it is rolled back after it was written', () => {
    const content = contentOf({ a: 1 });
    content.set('a', 2);
    expect(content.serialize()).toBe('{"a":2}');
    content.rollback();
    expect(content.serialize()).toBe('{"a":1}');
  });

  it('rolls a new session back to nothing', () => {
    const content = contentOf(undefined);
    content.share()['a'] = 1;
    content.rollback();
    expect(content.values).toStrictEqual({});
  });

  it('has nothing to roll back until the data is handed out', () => {
    const content = contentOf({ a: 1 });
    content.rollback();
    expect(content.values).toStrictEqual({ a: 1 });
  });

  it('writes the data as it is now', () => {
    const content = contentOf({ a: 1 });
    expect(content.serialize()).toBe('{"a":1}');
    content.share()['b'] = [];
    expect(content.serialize()).toBe('{"a":1,"b":[]}');
    content.share()['a'] = () => 1;
    expect(errorOf(() => content.serialize()).code).toBe('ERR_SESSION_NOT_SERIALIZABLE');
  });

  it('knows a value that was changed after the headers had left', () => {
    const content = contentOf({ a: [1] });
    const data = content.share();
    data['b'] = 1;
    content.markSent();
    expect(content.hasLostChanges).toBe(false);
    (data['a'] as number[]).push(2);
    expect(content.hasLostChanges).toBe(true);
    (data['a'] as number[]).pop();
    expect(content.hasLostChanges).toBe(false);
  });

  it('knows a change by code that got the data after the headers had left', () => {
    const content = contentOf({ a: 1 });
    content.markSent();
    const data = content.share();
    expect(content.hasLostChanges).toBe(false);
    data['a'] = 2;
    expect(content.hasLostChanges).toBe(true);
  });

  it('counts a change to a value that JSON cannot carry as lost', () => {
    const content = contentOf({ a: 1 });
    const data = content.share();
    content.markSent();
    data['a'] = 1n;
    expect(content.hasLostChanges).toBe(true);
    expect(content.lostPaths(9)).toStrictEqual(['a']);
  });

  it('names where it was changed after the headers had left, or after it was loaded', () => {
    const content = contentOf({ a: { b: [1] }, c: 1 });
    const data = content.share();
    data['c'] = 2;
    expect(content.lostPaths(9)).toStrictEqual(['c']);
    content.markSent();
    expect(content.lostPaths(9)).toStrictEqual([]);
    Object.assign(data, { a: { b: [1, 2] }, d: 1 });
    expect(content.lostPaths(9)).toStrictEqual(['a.b[1]', 'd']);
    expect(content.lostPaths(1)).toStrictEqual(['a.b[1]']);
  });

  it('names nothing where the data could not be sent', () => {
    const content = contentOf({ a: 1 });
    const data = content.share();
    data['a'] = 1n;
    content.markSent();
    data['a'] = 2;
    expect([content.hasLostChanges, content.lostPaths(9)]).toStrictEqual([true, []]);
  });
});

describe('dataEntries', () => {
  it('gives the entries of an object, an instance of a class too', () => {
    expect(dataEntries({ a: 1, b: [] })).toStrictEqual([
      ['a', 1],
      ['b', []],
    ]);
    expect(
      dataEntries(
        new (class {
          a = 1;
        })(),
      ),
    ).toStrictEqual([['a', 1]]);
    expect(dataEntries(Object.create(null))).toStrictEqual([]);
  });

  it.each<[string, unknown]>([
    ['a string', 'VALUE'],
    ['a number', 1],
    ['a boolean', false],
    ['a function', () => 'VALUE'],
    ['a symbol', Symbol('VALUE')],
    ['a list', ['VALUE']],
    ['undefined', undefined],
    ['null', null],
    ['an object of type "Map"', new Map([['a', 'VALUE']])],
    ['an object of type "Promise"', Promise.resolve({ a: 1 })],
  ])('refuses %s', (kind, values) => {
    expect(errorOf(() => dataEntries(values))).toStrictEqual({
      code: 'ERR_SESSION_MISUSED',
      message: `Cannot set the values of the session: ${kind} is not an object with values. Give one such as { user: 'ada' }.`,
    });
  });

  it('refuses a key that no session may have', () => {
    expect(errorOf(() => dataEntries(JSON.parse('{"a":1,"__proto__":{}}'))).code).toBe('ERR_SESSION_KEY_FORBIDDEN');
  });

  it('goes on with an empty object where it is replaced, and leaves the old one unchanged', () => {
    const content = contentOf({ a: { b: 1 } });
    const before = content.share();
    content.replace();
    content.set('c', 2);
    expect([before, content.values]).toStrictEqual([{ a: { b: 1 } }, { c: 2 }]);
    expect(content.isModified).toBe(true);
  });
});
