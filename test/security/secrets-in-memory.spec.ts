import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createHmac, hkdfSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SESSION_SECRET = 'the secret of an application, 46 bytes of it..';
const FOREIGN_SECRET = 'the secret of the other side, 45 bytes of it.';
const loader = new URL('../support/ts-loader.mjs', import.meta.url).href;
const program = fileURLToPath(new URL('support/secret-keeper.ts', import.meta.url));

describe.each([
  ['signed', 'HS256'],
  ['encrypted', 'A256GCM'],
])('The memory of an application with %s sessions', (mode, algorithm) => {
  let folder: string;
  const read = (name: string) => readFileSync(join(folder, name));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nestjs-sessions-'));
    const env = { ...process.env, SESSION_SECRET, FOREIGN_SECRET };
    await promisify(execFile)(process.execPath, ['--expose-gc', '--import', loader, program, folder, mode], { env });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has neither secret, key, expected HMAC nor data in what all small Buffers share', () => {
    const pool = read('pool');
    const [, forged = ''] = read('forged').toString().split('=');
    const info = `nestjs-sessions/v1/${algorithm}/session`;
    const key = Buffer.from(hkdfSync('sha256', SESSION_SECRET, '', info, 32));
    const hmac = createHmac('sha256', key)
      .update(forged.slice(0, forged.lastIndexOf('.')))
      .digest();
    const wanted = {
      SESSION_SECRET,
      FOREIGN_SECRET,
      key,
      hmac,
      text: hmac.toString('base64url'),
      data: 'plain-text-word',
    };
    expect(Object.entries(wanted).filter(([, bytes]) => pool.includes(bytes))).toEqual([]);
    expect(pool.length).toBeGreaterThan(1024);
  });

  it('has no secret that inspect() could reach, however deep', () => {
    const text = read('inspected').toString();
    expect(text).toContain('SessionManager');
    for (const secret of [SESSION_SECRET, FOREIGN_SECRET]) expect(text).not.toContain(secret);
  });

  it('has no secret in its heap', () => {
    const heap = read('heap');
    expect(heap.includes('SessionManager')).toBe(true);
    for (const secret of [SESSION_SECRET, FOREIGN_SECRET]) expect(heap.includes(secret)).toBe(false);
  });
});
