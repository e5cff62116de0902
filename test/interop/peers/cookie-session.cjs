// Reads and writes the cookies of the npm package cookie-session, in the protocol of bridge.py:
//     node cookie-session.cjs cookie-session KEY
const { createInterface } = require('node:readline');
const { IncomingMessage, ServerResponse } = require('node:http');
const { Socket } = require('node:net');
const cookieSession = require('cookie-session');

const middleware = cookieSession({ name: 'session', keys: process.argv.slice(3) });

/** The middleware itself, called as Express calls it; `use` gets the request with its session. */
function call(cookie, use) {
  const request = new IncomingMessage(new Socket());
  if (cookie !== undefined) request.headers.cookie = cookie;
  const response = new ServerResponse(request);
  middleware(request, response, () => use(request));
  response.writeHead(200);
  return response.getHeader('set-cookie') ?? [];
}

function write(data) {
  const lines = call(undefined, (request) => {
    request.session = data;
    // It sends no cookie for a new and empty session, so this one is not new.
    if (Object.keys(data).length === 0) Object.defineProperty(request.session, 'isNew', { value: false });
  });
  return lines.map((line) => line.split(';')[0].replace(/^session(\.sig)?=/, ''));
}

function read([value, signature]) {
  let data;
  call(`session=${value}; session.sig=${signature}`, ({ session }) => (data = session.isNew ? undefined : session));
  return data;
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const request = JSON.parse(line);
  let answer;
  try {
    if (request.read === undefined) answer = { value: write(JSON.parse(request.write)) };
    else answer = { data: JSON.stringify(read(request.read)) };
  } catch (error) {
    answer = { error: error.name };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
});
