import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { createSlot } from '../../../lib/http/private-field.js';

describe('Slot', () => {
  it('has nothing for an object before something was set', () => {
    expect(createSlot().get({})).toBeUndefined();
  });

  it('keeps the last value of each object', () => {
    const slot = createSlot<object, string>();
    const [one, other] = [{}, {}];
    slot.set(one, 'first');
    slot.set(other, 'other');
    slot.set(one, 'second');
    expect([slot.get(one), slot.get(other)]).toEqual(['second', 'other']);
  });

  it('keeps values apart from those of other slots', () => {
    const [one, other] = [createSlot<object, string>(), createSlot<object, string>()];
    const object = {};
    one.set(object, 'one');
    expect(other.get(object)).toBeUndefined();
  });

  it('shows values to nobody', () => {
    const slot = createSlot<object, string>();
    const object = { seen: 1 };
    slot.set(object, 'a secret');
    expect(inspect(object, { showHidden: true })).toBe('{ seen: 1 }');
    expect(Reflect.ownKeys(object)).toEqual(['seen']);
    expect(JSON.stringify(object)).toBe('{"seen":1}');
  });

  it('takes objects that can be given no properties', () => {
    const slot = createSlot<object, string>();
    const object = Object.freeze({});
    slot.set(object, 'value');
    expect(slot.get(object)).toBe('value');
  });
});
