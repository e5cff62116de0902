import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { privateField } from '../../../lib/http/private-field.js';

describe('Slot', () => {
  it('has nothing for an object before something was set', () => {
    expect(privateField().get({})).toBeUndefined();
  });

  it('keeps the last value of each object', () => {
    const field = privateField<object, string>();
    const [one, other] = [{}, {}];
    field.set(one, 'first');
    field.set(other, 'other');
    field.set(one, 'second');
    expect([field.get(one), field.get(other)]).toEqual(['second', 'other']);
  });

  it('keeps values apart from those of other slots', () => {
    const [one, other] = [privateField<object, string>(), privateField<object, string>()];
    const object = {};
    one.set(object, 'one');
    expect(other.get(object)).toBeUndefined();
  });

  it('hides its values from inspection', () => {
    const field = privateField<object, string>();
    const object = { seen: 1 };
    field.set(object, 'a secret');
    expect(inspect(object, { showHidden: true })).toBe('{ seen: 1 }');
    expect(Reflect.ownKeys(object)).toEqual(['seen']);
    expect(JSON.stringify(object)).toBe('{"seen":1}');
  });

  it('takes objects that can be given no properties', () => {
    const field = privateField<object, string>();
    const object = Object.freeze({});
    field.set(object, 'value');
    expect(field.get(object)).toBe('value');
  });
});
