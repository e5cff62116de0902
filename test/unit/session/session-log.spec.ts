import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { SessionLog } from '../../../lib/session/session-log.js';

const lines: unknown[] = [];
const write = (line: unknown) => void lines.push(line);

beforeAll(() => Logger.overrideLogger({ log: write, error: write, warn: write, debug: write }));
beforeEach(() => void lines.splice(0));
afterAll(() => Logger.overrideLogger(false));

describe('SessionLog', () => {
  it('warns once in the same words', () => {
    const log = new SessionLog('test');
    for (const message of ['a', 'b', 'a']) log.warnOnce(message);
    expect(lines).toEqual(['a', 'b']);
  });

  it('remembers a hundred warnings and gives no more, so that clients cannot fill the memory', () => {
    const log = new SessionLog('test');
    for (let n = 0; n < 300; n++) log.warnOnce(String(n));
    expect(lines).toHaveLength(100);
  });
});
