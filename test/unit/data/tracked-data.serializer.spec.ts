import { describe, expect, it } from '@jest/globals';
import * as devalue from 'devalue';
import { serializerFormat } from '../../../lib/data/data-format.js';
import type { SessionRecord } from '../../../lib/data/session-data.js';
import { TrackedData } from '../../../lib/data/tracked-data.js';
import { errorOf } from '../../support/errors.js';

const contentOf = (data: SessionRecord | undefined) => new TrackedData(data, serializerFormat(devalue));

describe('TrackedData with a serializer', () => {
  it.each<[string, SessionRecord, (data: SessionRecord) => void, boolean]>([
    ['nothing happened', { at: new Date(5) }, () => undefined, false],
    ['a Date was moved', { at: new Date(5) }, (data) => (data['at'] as Date).setTime(6), true],
    ['a Date was moved back', { at: new Date(5) }, (data) => (data['at'] = new Date(5)), false],
    ['a Map grew', { map: new Map([[1, 1]]) }, (data) => (data['map'] as Map<number, number>).set(2, 2), true],
    ['a Set shrank', { set: new Set([1]) }, (data) => (data['set'] as Set<number>).clear(), true],
    ['0 became -0', { zero: 0 }, (data) => (data['zero'] = -0), true],
    ['a key was set to undefined', { a: 1 }, (data) => (data['b'] = undefined), true],
    ['a key was removed and set again', { a: 1, b: 2n }, (data) => (delete data['a'], (data['a'] = 1)), false],
    ['something became a function', { a: 1 }, (data) => (data['a'] = () => 1), true],
  ])('knows whether it is modified: %s', (_, data, change, expected) => {
    const content = contentOf(data);
    change(content.share());
    expect(content.isModified).toBe(expected);
    expect(content.hasLostChanges).toBe(expected);
  });

  it('rolls back to the data that came', () => {
    const content = contentOf({ at: new Date(5), map: new Map([['a', 1n]]) });
    const data = content.share() as { at: Date; map: Map<string, bigint> };
    data.map.clear();
    data.at.setTime(6);
    content.rollback();
    expect(content.values).toBe(data);
    expect(data).toStrictEqual({ at: new Date(5), map: new Map([['a', 1n]]) });
    expect(content.isModified).toBe(false);
  });

  it('tells the text of an empty session', () => {
    const content = contentOf(undefined);
    content.share();
    expect(content.isEmptyText(content.serialize())).toBe(true);
    expect(content.modifiedText()).toBeUndefined();
    content.values['a'] = undefined;
    expect(content.isEmptyText(content.serialize())).toBe(false);
    expect(content.modifiedText()).toBe('"[{\\"a\\":-1}]"');
  });

  it('complains of a value that the serializer refuses', () => {
    const content = contentOf({ a: 1 });
    content.share()['b'] = () => 1;
    expect(errorOf(() => content.modifiedText())).toStrictEqual({
      code: 'ERR_SESSION_NOT_SERIALIZABLE',
      message:
        'Cannot save the session: "b" cannot be written, the serializer refuses it. ' +
        'Store plain data: strings, finite numbers, booleans, null, arrays and objects of these.',
    });
  });

  it('makes a frozen copy of data that contains itself', () => {
    const data: Record<string, unknown> = { name: 'ring' };
    data['self'] = { back: data };
    const { readonlyCopy: frozen } = contentOf(data);
    expect(Object.isFrozen(frozen)).toBe(true);
    expect(frozen['self']).toEqual({ back: frozen });
  });

  it('makes a frozen copy of data that has bytes in it', () => {
    const { readonlyCopy: frozen } = contentOf({ bytes: Uint8Array.of(1, 2) });
    expect(frozen).toEqual({ bytes: Uint8Array.of(1, 2) });
  });

  it('knows a lost change where the data could not be written with the headers', () => {
    const content = contentOf({ a: 1 });
    content.share()['a'] = () => 1;
    content.markSent();
    content.values['a'] = 2;
    expect(content.hasLostChanges).toBe(true);
  });
});
