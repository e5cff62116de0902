// Starts the application of README.md and uses it as README says: node log-in.mjs <program>
import { strict as assert } from 'node:assert';
import { start } from './start.mjs';

const RIGHT = { name: 'tom', password: 'correct horse' };
const notice = 'You are logged in.';

/** Days that the cookie of an answer lives. */
const lifetime = ({ line }) => Number(/Max-Age=(\d+)/.exec(line)?.[1]) / 86_400;

await start(process.argv[2], async (url) => {
  let cookie = '';
  /** Sends a request with the cookie that came last, and answers status, text and Set-Cookie. */
  const ask = async (path, fields) => {
    const body = fields && new URLSearchParams(fields);
    const response = await fetch(url + path, { method: body ? 'POST' : 'GET', headers: { cookie }, body });
    const [line] = response.headers.getSetCookie();
    if (line !== undefined) cookie = line.includes('Max-Age=0') ? '' : line.split(';', 1)[0];
    return { status: response.status, text: await response.text(), line };
  };
  assert.equal((await ask('/visits')).text, 'Visit 1');
  assert.equal((await ask('/visits')).text, 'Visit 2');
  assert.equal((await ask('/me')).status, 401);
  assert.equal((await ask('/login', { ...RIGHT, password: 'wrong' })).status, 401);
  assert.equal((await ask('/login', {})).status, 401);
  assert.equal(lifetime(await ask('/login', RIGHT)), 14);
  const remembered = await ask('/login', { ...RIGHT, remember: 'true' });
  assert.deepEqual([remembered.status, lifetime(remembered)], [204, 30]);
  assert.deepEqual(JSON.parse((await ask('/me')).text), { user: 'tom', notice });
  assert.deepEqual(JSON.parse((await ask('/me')).text), { user: 'tom' });
  const third = await ask('/visits');
  assert.deepEqual([third.text, lifetime(third)], ['Visit 3', 30], 'the log-in keeps the visits, a visit the lifetime');
  assert.deepEqual([(await ask('/logout', {})).status, (await ask('/me')).status], [204, 401]);
  process.stdout.write('visits, guard, flash, remember-me and log-out\n');
});
