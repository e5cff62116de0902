import { describe, expect, it } from '@jest/globals';
import type { SessionRecord } from '../../../lib/data/session-data.js';
import { sorted } from '../../../lib/data/key-order.js';

/** Keys and values in their order, which `toStrictEqual` does not look at. */
const shown = (value: unknown) => JSON.stringify(value);

describe('sorted', () => {
  it.each<[string, SessionRecord, string]>([
    ['nothing', {}, '{}'],
    ['keys', { b: 1, a: 2, B: 3 }, '{"B":3,"a":2,"b":1}'],
    ['keys of objects in objects', { b: { d: 1, c: 2 }, a: {} }, '{"a":{},"b":{"c":2,"d":1}}'],
    ['keys of objects in lists', { x: [{ b: 1, a: 2 }, [{ d: 1, c: 2 }]] }, '{"x":[{"a":2,"b":1},[{"c":2,"d":1}]]}'],
    ['no list', { a: [3, 1, 2] }, '{"a":[3,1,2]}'],
    ['no plain value', { b: null, a: 'ba' }, '{"a":"ba","b":null}'],
  ])('sorts %s', (_, value, expected) => {
    expect(shown(sorted(value))).toBe(expected);
  });

  it('sorts the keys of objects without a prototype', () => {
    const value: unknown = Object.assign(Object.create(null) as object, { b: 1, a: 2 });
    expect(shown(sorted({ value }))).toBe('{"value":{"a":2,"b":1}}');
  });

  it('leaves a value as it is unless it is a plain object', () => {
    class Point {
      y = 1;
      x = 2;
    }
    const list = [new Date(0), new Map([['b', 1]]), new Set([{ b: 1, a: 2 }]), new Point(), /a/, 1n, undefined, null];
    const { list: copy } = sorted({ list });
    expect(copy).not.toBe(list);
    expect((copy as unknown[]).map((part, index) => Object.is(part, list[index]))).toStrictEqual(list.map(() => true));
    const polluting = JSON.parse('{"b":1,"__proto__":{"d":1},"a":2}') as object;
    expect(sorted({ polluting })['polluting']).toBe(polluting);
    expect(Object.is(sorted({ zero: -0 })['zero'], -0)).toBe(true);
  });

  it('leaves the given value unchanged', () => {
    const value = { b: { d: 1, c: 2 }, a: [{ f: 1, e: 2 }] };
    sorted(value);
    expect(shown(value)).toBe('{"b":{"d":1,"c":2},"a":[{"f":1,"e":2}]}');
  });

  it('copies an object that stands in several places once', () => {
    const [shared, list] = [{ b: 1, a: 2 }, [{ d: 1, c: 2 }]];
    const copy = sorted({ y: shared, x: { z: shared }, v: list, u: [list] }) as Record<'u' | 'v' | 'x' | 'y', unknown>;
    expect(shown(copy)).toBe('{"u":[[{"c":2,"d":1}]],"v":[{"c":2,"d":1}],"x":{"z":{"a":2,"b":1}},"y":{"a":2,"b":1}}');
    expect((copy.x as { z: unknown }).z).toBe(copy.y);
    expect((copy.u as unknown[])[0]).toBe(copy.v);
    expect(copy.y).not.toBe(shared);
  });

  it('copies an object that contains itself', () => {
    const circle: Record<string, unknown> = { b: 1, a: 2 };
    circle['Self'] = circle;
    const ring: unknown[] = [circle];
    ring.push(ring);
    const copy = sorted({ circle, ring }) as { circle: typeof circle; ring: typeof ring };
    expect(Object.keys(copy.circle)).toStrictEqual(['Self', 'a', 'b']);
    expect(copy.circle['Self']).toBe(copy.circle);
    expect(copy.ring).toHaveLength(2);
    expect([copy.ring[0], copy.ring[1]].map((part, index) => part === [copy.circle, copy.ring][index])).toStrictEqual([
      true,
      true,
    ]);
  });
});
