import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { ForeignCookie } from '../../../lib/transport/foreign-cookie.js';
import { formatFor, NAMES, NOW, write } from '../../interop/support/formats.js';

describe('ForeignCookie', () => {
  it.each(NAMES)('opens no value beyond 4096 characters, and says why: %s', (name) => {
    const format = formatFor(name);
    const cookie = new ForeignCookie(format, 'session', { path: '/' }, 60, undefined);
    const read = (text: string) => {
      const names = ['session', ...(format.companions ?? []).map((suffix) => `session${suffix}`)];
      const pairs = write(format, { text }).map((value, index) => `${names[index]}=${value}`);
      return [...cookie.read(pairs.join('; '), NOW)];
    };
    expect(read('x')).toMatchObject([{ ok: true, data: { text: 'x' } }]);
    // Nothing that Flask could compress.
    expect(read(randomBytes(4096).toString('hex'))).toEqual([{ ok: false, reason: 'too-large' }]);
  });
});
