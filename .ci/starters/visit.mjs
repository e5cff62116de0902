// Starts a built application on a port of its own and visits it twice: node visit.mjs <program>
// Whatever the application prints as a warning fails.
import { strict as assert } from 'node:assert';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const app = fork(process.argv[2], {
  env: { ...process.env, PORT: '0' },
  execArgv: ['--require', fileURLToPath(new URL('tell-port.cjs', import.meta.url))],
  stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
});
let complaints = '';
app.stderr.on('data', (text) => (complaints += text));
const [port] = await Promise.race([once(app, 'message', { signal: AbortSignal.timeout(60_000) }), once(app, 'close')]);
try {
  assert.ok(app.connected, 'the application ended before it listened');
  const url = `http://127.0.0.1:${port}/visits`;
  const first = await fetch(url);
  const [cookie = ''] = first.headers.getSetCookie();
  const second = await fetch(url, { headers: { cookie: cookie.split(';', 1)[0] } });
  assert.deepEqual([await first.text(), await second.text()], ['Visit 1', 'Visit 2']);
} finally {
  if (app.kill()) await once(app, 'close');
  assert.equal(complaints, '');
}
