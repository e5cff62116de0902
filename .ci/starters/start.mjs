// Runs a built application on a port of its own, calls `visit(url)`, and ends it. Whatever it prints as a warning fails.
import { strict as assert } from 'node:assert';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export async function start(program, visit) {
  const app = fork(program, {
    env: { ...process.env, PORT: '0' },
    execArgv: ['--require', fileURLToPath(new URL('tell-port.cjs', import.meta.url))],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let complaints = '';
  app.stderr.on('data', (text) => (complaints += text));
  const [port] = await Promise.race([
    once(app, 'message', { signal: AbortSignal.timeout(60_000) }),
    once(app, 'close'),
  ]);
  try {
    assert.ok(app.connected, `the application ended before it listened:\n${complaints}`);
    await visit(`http://127.0.0.1:${port}`);
  } finally {
    if (app.kill()) await once(app, 'close');
    assert.equal(complaints, '');
  }
}
