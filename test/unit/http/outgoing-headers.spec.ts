import { describe, expect, it } from '@jest/globals';
import { type HeadersArgument, type WriteHeadHeaders, writeHeadHeaders } from '../../../lib/http/outgoing-headers.js';
import { newResponse } from '../../support/exchange.js';

function headersOf(given: HeadersArgument, before: Record<string, string | string[]> = {}): WriteHeadHeaders {
  const response = newResponse();
  for (const [name, value] of Object.entries(before)) response.setHeader(name, value);
  return writeHeadHeaders(response, given);
}

describe('writeHeadHeaders', () => {
  it.each<[string, HeadersArgument]>([
    ['an object', { 'x-a': '1', 'X-B': ['2', '3'] }],
    ['names and values in turn', ['x-a', '1', 'X-B', ['2', '3']]],
    [
      'a list of pairs',
      [
        ['x-a', '1'],
        ['X-B', ['2', '3']],
      ],
    ],
    ['an object that has a name in two spellings', { 'x-a': '1', 'X-B': '2', 'x-b': '3' }],
    ['a list that has a name twice', ['x-a', '1', 'X-B', '2', 'x-b', '3']],
  ])('finds the headers of %s, in any case', (_, given) => {
    const headers = headersOf(given);
    expect(headers.getHeader('X-A')).toBe('1');
    expect(headers.getHeader('x-b')).toStrictEqual(['2', '3']);
    expect(headers.getHeader('x-c')).toBeUndefined();
  });

  it.each<[string, HeadersArgument]>([
    ['an object', { 'X-A': 'given' }],
    ['a list', ['X-A', 'given']],
  ])('finds the headers that were set before, unless %s overrides them', (_, given) => {
    const headers = headersOf(given, { 'x-a': 'before', 'x-b': 'before' });
    expect(headers.getHeader('x-a')).toBe('given');
    expect(headers.getHeader('x-b')).toBe('before');
  });

  it.each<[string, HeadersArgument, HeadersArgument]>([
    ['object', { Vary: 'Accept', 'x-a': '1', vary: 'Origin', 'x-b': '2' }, { 'x-a': '1', 'x-b': '2', Vary: 'Cookie' }],
    ['list', ['Vary', 'Accept', 'x-a', '1', 'vary', 'Origin', 'x-b', '2'], ['x-a', '1', 'x-b', '2', 'Vary', 'Cookie']],
    [
      'list of pairs',
      [
        ['Vary', 'Accept'],
        ['x-a', '1'],
        ['vary', 'Origin'],
      ],
      [
        ['x-a', '1'],
        ['Vary', 'Cookie'],
      ],
    ],
    ['empty list', [], ['Vary', 'Cookie']],
  ])('replaces all headers of a name, and stays an %s', (_, given, expected) => {
    const headers = headersOf(given);
    headers.setHeader('Vary', 'Cookie');
    expect(headers.argumentsFrom([200])[1]).toStrictEqual(expected);
    expect(headers.getHeader('vary')).toBe('Cookie');
  });

  it.each<[string, HeadersArgument]>([
    ['object', Object.freeze({ vary: 'Accept' })],
    ['list', Object.freeze(['vary', 'Accept'])],
    ['list of pairs', Object.freeze([Object.freeze(['vary', 'Accept'])])],
  ])('leaves the given %s unchanged', (_, given) => {
    const copy = structuredClone(given);
    headersOf(given).setHeader('Vary', 'Cookie');
    expect(given).toStrictEqual(copy);
  });

  it('takes no property of a prototype for a header', () => {
    const headers = headersOf(Object.create({ vary: 'Accept' }) as HeadersArgument);
    expect(headers.getHeader('vary')).toBeUndefined();
    expect(headers.argumentsFrom([200])[1]).toStrictEqual({});
  });
});
