import { describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { appendSetCookie, preventCaching, varyByCookie } from '../../../lib/http/response-headers.js';
import { newResponse } from '../../support/exchange.js';

/** A response on which the application has set one header, if it has. */
function responseWith(name: string, value?: number | string | string[]): ServerResponse {
  const response = newResponse();
  if (value !== undefined) response.setHeader(name, value);
  return response;
}

describe('appendSetCookie', () => {
  it.each<[string, string | string[] | undefined, string[], string | string[]]>([
    ['sets one line as a string', undefined, ['s=1'], 's=1'],
    ['keeps a line of the application', 'a=1', ['s=1'], ['a=1', 's=1']],
    ['keeps several lines, in their order', ['a=1', 'b=2; Path=/'], ['s=1'], ['a=1', 'b=2; Path=/', 's=1']],
    [
      'adds no line that is there, as after a writeHead that failed',
      ['a=1', 's=1'],
      ['s=1', 's.1=2'],
      ['a=1', 's=1', 's.1=2'],
    ],
    ['adds several lines', 'a=1', ['s=1', 's.1=2'], ['a=1', 's=1', 's.1=2']],
  ])('%s', (_, before, lines, after) => {
    const response = responseWith('Set-Cookie', before);
    appendSetCookie(response, lines);
    expect(response.getHeader('set-cookie')).toStrictEqual(after);
  });

  it('finds a header of any case', () => {
    const response = responseWith('set-cookie', ['a=1']);
    appendSetCookie(response, ['s=1']);
    expect(response.getHeaders()).toStrictEqual(Object.assign(Object.create(null), { 'set-cookie': ['a=1', 's=1'] }));
  });
});

describe('varyByCookie', () => {
  it.each<[string, string | string[] | undefined, string | string[]]>([
    ['sets the header where there is none', undefined, 'Cookie'],
    ['sets it where it is empty', '', 'Cookie'],
    ['sets it where it is an empty list', [], 'Cookie'],
    ['merges with another value', 'Accept', 'Accept, Cookie'],
    ['merges with several values', 'Accept, Origin', 'Accept, Origin, Cookie'],
    ['merges with several lines', ['Accept', 'Origin'], 'Accept, Origin, Cookie'],
    ['is not fooled by a longer name', 'X-Cookie, Cookie2', 'X-Cookie, Cookie2, Cookie'],
    ['is not fooled by a * in a name', 'X-*', 'X-*, Cookie'],
    ['does not double Cookie', 'Cookie', 'Cookie'],
    ['does not double cookie', 'accept,cookie ,origin', 'accept,cookie ,origin'],
    ['does not double COOKIE after a tab', 'Accept,\tCOOKIE', 'Accept,\tCOOKIE'],
    ['does not double it in several lines', ['Accept', 'Cookie'], ['Accept', 'Cookie']],
    ['leaves * alone', '*', '*'],
    ['leaves * among others alone', 'Accept, *', 'Accept, *'],
  ])('%s', (_, before, after) => {
    const response = responseWith('Vary', before);
    varyByCookie(response);
    expect(response.getHeader('vary')).toStrictEqual(after);
    varyByCookie(response);
    expect(response.getHeader('vary')).toStrictEqual(after);
  });
});

describe('preventCaching', () => {
  it.each<[string | string[] | undefined, string, string | string[]]>([
    [undefined, 'prevented', 'private, no-store'],
    ['', 'prevented', 'private, no-store'],
    ['no-cache', 'prevented', 'no-cache, private'],
    ['max-age=600', 'prevented', 'max-age=600, private'],
    ['no-store', 'decided', 'no-store'],
    ['max-age=0,NO-STORE', 'decided', 'max-age=0,NO-STORE'],
    ['PRIVATE , max-age=60', 'decided', 'PRIVATE , max-age=60'],
    ['public, no-store', 'decided', 'public, no-store'],
    ['private="X-A, no-store"', 'prevented', 'private="X-A, no-store", private'],
    ['x="a\\", public", y', 'prevented', 'x="a\\", public", y, private'],
    ['public="x"', 'public', 'public="x"'],
    ['private', 'decided', 'private'],
    ['max-age=0, must-revalidate', 'prevented', 'max-age=0, must-revalidate, private'],
    ['no-cache="public"', 'prevented', 'no-cache="public", private'],
    ['x-public', 'prevented', 'x-public, private'],
    ['publicity=1', 'prevented', 'publicity=1, private'],
    [['max-age=60', 'must-revalidate'], 'prevented', 'max-age=60, must-revalidate, private'],
    ['public', 'public', 'public'],
    ['PUBLIC, max-age=60', 'public', 'PUBLIC, max-age=60'],
    ['max-age=60,public', 'public', 'max-age=60,public'],
    ['max-age=60, \tpublic', 'public', 'max-age=60, \tpublic'],
    ['s-maxage=60', 'public', 's-maxage=60'],
    ['max-age=1, S-MaxAge=60', 'public', 'max-age=1, S-MaxAge=60'],
    [['max-age=60', 'public'], 'public', ['max-age=60', 'public']],
  ])('answers a Cache-Control of %j by %j', (before, verdict, after) => {
    const response = responseWith('Cache-Control', before);
    expect(preventCaching(response)).toBe(verdict);
    expect(response.getHeader('cache-control')).toStrictEqual(after);
  });

  it('reads a header that was set as a number', () => {
    expect(preventCaching(responseWith('Cache-Control', 0))).toBe('prevented');
  });
});
