import { ok, strictEqual } from 'node:assert/strict';
import { maxHeaderSize } from 'node:http';
import { test } from 'node:test';
import { settingOf } from '../settings.js';
import { cookieHeaderOf } from './cookies.js';

const headerOf = (...[kind]: [Parameters<typeof cookieHeaderOf>[2]]) =>
  cookieHeaderOf('session=abcd', settingOf('express'), kind);

test('other cookies stand around ours as a browser writes them', () => {
  const value = 'v'.repeat(24);
  strictEqual(headerOf({ others: 1 }), `other0=${value}; session=abcd`);
  strictEqual(headerOf({ others: 2 }), `other1=${value}; session=abcd; other0=${value}`);
});

test('a tampered cookie differs in one character before the last', () => {
  strictEqual(headerOf('tampered'), 'session=abAd');
});

test('junk is as long as headers may be, in one cookie or in 200', () => {
  for (const kind of ['junk', 'junk in many cookies'] as const) {
    const { length } = headerOf(kind);
    ok(length >= maxHeaderSize && length < maxHeaderSize + 32, `${kind}: ${length}`);
  }
  strictEqual(headerOf('junk in many cookies').split('; ').length, 200);
});
