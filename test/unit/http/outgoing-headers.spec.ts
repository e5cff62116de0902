import { describe, expect, it } from '@jest/globals';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { type GivenHeaders, OverridingHeaders } from '../../../lib/http/outgoing-headers.js';

function headersOf(given: GivenHeaders, before: Record<string, string | string[]> = {}): OverridingHeaders {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  for (const [name, value] of Object.entries(before)) response.setHeader(name, value);
  return new OverridingHeaders(response, given);
}

describe('OverridingHeaders', () => {
  it.each<[string, GivenHeaders]>([
    ['an object', { 'x-a': '1', 'X-B': ['2', '3'] }],
    ['names and values in turn', ['x-a', '1', 'X-B', ['2', '3']]],
    [
      'a list of pairs',
      [
        ['x-a', '1'],
        ['X-B', ['2', '3']],
      ],
    ],
    ['a list that has a name twice', ['x-a', '1', 'X-B', '2', 'x-b', '3']],
  ])('finds what is given in %s, in any case', (_, given) => {
    const headers = headersOf(given);
    expect(headers.getHeader('X-A')).toBe('1');
    expect(headers.getHeader('x-b')).toStrictEqual(['2', '3']);
    expect(headers.getHeader('x-c')).toBeUndefined();
  });

  it('finds what was set before, unless it is given again', () => {
    const headers = headersOf({ 'X-A': 'given' }, { 'x-a': 'before', 'x-b': 'before' });
    expect(headers.getHeader('x-a')).toBe('given');
    expect(headers.getHeader('x-b')).toBe('before');
  });

  it('puts a value in the place of all that were given', () => {
    const headers = headersOf(['Vary', 'Accept', 'x-a', '1', 'vary', 'Origin', 'x-b', '2']);
    headers.setHeader('Vary', 'Cookie');
    expect(headers.list).toStrictEqual(['x-a', '1', 'x-b', '2', 'Vary', 'Cookie']);
    expect(headers.getHeader('vary')).toBe('Cookie');
  });

  it.each<[string, GivenHeaders]>([
    ['object', Object.freeze({ vary: 'Accept' })],
    ['list', Object.freeze(['vary', 'Accept'])],
  ])('leaves the %s alone that it is given', (_, given) => {
    const headers = headersOf(given);
    headers.setHeader('Vary', 'Cookie');
    expect(headers.list).toStrictEqual(['Vary', 'Cookie']);
  });

  it('takes no property of a prototype for a header', () => {
    const headers = headersOf(Object.create({ vary: 'Accept' }) as GivenHeaders);
    expect(headers.getHeader('vary')).toBeUndefined();
    expect(headers.list).toStrictEqual([]);
  });
});
