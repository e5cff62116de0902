/** A program that pollutes `Object.prototype`, then serves sessions and prints what came back, line by line. */
const pollution = JSON.parse(process.env.POLLUTION ?? '{}') as Record<string, unknown>;
const shared = Object.getPrototypeOf({}) as object;
for (const [key, value] of Object.entries(pollution)) {
  // What `target[a][b] = value` does, with "__proto__" for a.
  Object.defineProperty(shared, key, { value, writable: true, enumerable: true, configurable: true });
}

// Only now, so that nothing is loaded before.
const { Logger } = await import('@nestjs/common');
const { createServer } = await import('node:http');
const { connect } = await import('node:net');
const { SessionManager } = await import('../../../lib/session/session.manager.js');
const { resolveSettings } = await import('../../../lib/options/session.settings.js');
type DefaultSessionData = import('../../../lib/data/session-data.js').DefaultSessionData;
type Manager = InstanceType<typeof SessionManager>;

const KEYS = ['isAdmin', 'data', 'claims', 'user', 'toJSON', 'ok', 'opened', 'jti'];
const print = (value: string) => process.stdout.write(`${value}\n`);

function serve(manager: Manager) {
  return createServer((request, response) => {
    const session = manager.open<DefaultSessionData>(request, response);
    const path = request.url ?? '';
    if (path === '/write') session.update({ user: 'ada', deep: { list: [1] } });
    if (path === '/deep') session.data.deep.list.push(2);
    if (path === '/clear') session.clear();
    const values = KEYS.map((key) => `${key}: ${String(session.get(key))}, ${String(session.has(key))}`);
    response.end([path, session.isNew, session.size, session.keys(), session.maxAge, ...values].join(' '));
  });
}

/** Without any client's code between: a raw request and its raw answer. */
function exchange(port: number, path: string, cookie: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('end', () => resolve(text)).on('error', reject);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nCookie: ${cookie}\r\n\r\n`);
  });
}

async function run(options: object): Promise<void> {
  const secretKey = 'a secret of thirty-two bytes: ok';
  const server = serve(new SessionManager(resolveSettings({ secretKey, ...options })));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  let cookie = 'session=junk';
  for (const path of ['/read', '/write', '/read', '/deep', '/read', '/tampered', '/clear']) {
    const answer = await exchange(port, path, path === '/tampered' ? `${cookie}x` : cookie);
    print(answer.split('\r\n')[0] ?? '');
    print(
      answer
        .slice(answer.indexOf('\r\n\r\n') + 4)
        .split('\r\n')
        .find((line) => line.startsWith('/')) ?? answer,
    );
    for (const [header, line] of answer.matchAll(/^(?:set-cookie|vary|cache-control): ([^\r]*)/gim)) {
      print(header.replace(/=eyJ[\w.-]*/, '=TOKEN'));
      if (/^set-cookie/i.test(header)) cookie = line?.split(';')[0] ?? '';
    }
  }
  server.close();
}

const log = (level: string) => (message: unknown) => print(`${level}: ${String(message)}`);
Logger.overrideLogger({ log: log('log'), error: log('error'), warn: log('warn'), debug: log('debug') });
process.on('uncaughtException', (error) => {
  print(`Thrown: ${error.message}`);
  process.exit(0);
});
await run({});
await run({ encrypt: true });
await run({ cookieName: 's', rolling: true, maxAge: 600, path: '/', sameSite: 'strict' });
process.exit(0);
