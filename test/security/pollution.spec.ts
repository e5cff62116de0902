import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compile } from './support/compiled.js';
import { report } from './support/run.js';

const CLAIMS = { jti: 'evil', iat: 0, exp: 8e12 };

/** What somebody may have put on `Object.prototype`, by a gap in some other package. */
const POLLUTIONS: readonly object[] = [
  { isAdmin: true, user: 'eve', toJSON: 'no function', session: 'evil', length: 7 },
  { data: { isAdmin: true }, claims: CLAIMS, ok: true, stale: true, ...CLAIMS },
  { reason: 'none', intent: 'delete', text: '{}', lines: ['a=b'], token: 'evil', kid: 'evil' },
  // No `path`: Node's own `net.connect()` would take it.
  { secure: true, httpOnly: false, sameSite: 'none', partitioned: true },
  { encrypt: true, accept: ['signed', 'encrypted'], rolling: true, cacheHeaders: false },
  { maxAge: 1 },
  { cookieName: 'evil', cookieCount: 4, expireOnBrowserClose: true, secretKey: 'x'.repeat(32) },
  { domain: 'evil.example' },
  { priority: 'high' },
  { absoluteMaxAge: 1 },
  { onReject: 'no function' },
  { serializer: 'no serializer' },
  { ttl: 1 },
  { opened: { ok: true, claims: CLAIMS, data: { isAdmin: true }, stale: false } },
  { expires: 'no date' },
];

describe('With a polluted Object.prototype', () => {
  const compiled = compile('test/security/support/polluted-app.ts');
  let untouched: readonly string[] = [];

  /** @returns what the program printed */
  const run = async (pollution: object): Promise<string[]> => {
    const env = { ...process.env, POLLUTION: JSON.stringify(pollution) };
    const { stdout } = await promisify(execFile)(process.execPath, [(await compiled).main], { env });
    return stdout.trimEnd().split('\n');
  };

  beforeAll(async () => {
    untouched = await run({});
  });

  afterAll(async () => {
    const { folder } = await compiled;
    await rm(join(folder, 'node_modules'));
    await rm(folder, { recursive: true });
  });

  it('there is something to compare with', () => {
    expect(untouched.filter((line) => line === 'HTTP/1.1 200 OK')).toHaveLength(21);
    expect(untouched.filter((line) => /^set-cookie: session=TOKEN; Max-Age=1209600;/i.test(line))).toHaveLength(4);
    expect(untouched.filter((line) => /user: ada, true/.test(line))).toHaveLength(12);
  });

  it.each(POLLUTIONS)('sessions are the same as without: %j', async (pollution) => {
    const lines = await run(pollution);
    report(`Object.prototype with ${Object.keys(pollution).join(', ')}: ${lines.length} lines compared`);
    expect(lines).toEqual(untouched);
  });
});
