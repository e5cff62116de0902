import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { Gate } from './gate.js';

test('holds back requests until so many have come, once', () => {
  const answered: unknown[] = [];
  const gate = new Gate((request) => answered.push(request));
  const pass = (request: number) => gate.pass(request as unknown as IncomingMessage, {} as ServerResponse);
  pass(1);
  deepStrictEqual(answered, [1]);
  gate.close(3);
  pass(2);
  pass(3);
  deepStrictEqual(answered, [1]);
  pass(4);
  pass(5);
  deepStrictEqual(answered, [1, 2, 3, 4, 5]);
  strictEqual(gate.requests, 5);
});
