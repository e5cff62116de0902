// Records test/vectors/interop.json with the real libraries, by a stopped clock:
//     node test/interop/peers/record.mjs
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NOW = 1_767_225_600;
const SECRET = 'nestjs-sessions-interop-secret!!';
const UNICODE = 'schlüssel, 鍵, ключ und mehr davon';
const PYTHON = ['starlette', 'flask', 'asgi-sessions jwt', 'asgi-sessions fernet'];

const COMMON = [
  { description: 'a user', data: { user: 'ada', visits: 3 } },
  { description: 'nothing', data: {} },
  {
    description: 'all that JSON has',
    data: { a: [1, -2.5, 1e300, true, false, null, '', {}, []], b: { c: { d: 'e' } } },
  },
  { description: 'text beyond ASCII', data: { näme: 'Zoë 日本 😀 \u2028"\\' } },
];

/** What Python writes beyond JSON, with what becomes of it. */
const BEYOND_JSON = [
  {
    description: 'NaN and infinities',
    python: "{'n': float('nan'), 'i': [float('inf'), -float('inf')]}",
    data: { n: null, i: [null, null] },
  },
  {
    description: 'integers beyond 2^53',
    python: "{'id': 2**53 + 1, 'minus': -2**64, 'exact': 2**53, 'huge': 10**400, 'text': 'NaN, 9007199254740993'}",
    data: {
      id: '9007199254740993',
      minus: '-18446744073709551616',
      exact: 2 ** 53,
      huge: `1${'0'.repeat(400)}`,
      text: 'NaN, 9007199254740993',
    },
  },
];

const FLASK_TYPES = [
  {
    description: 'the types that Flask tags',
    python:
      "{'t': (1, ('two', [3])), 'b': b'\\x00\\xff', 'm': __import__('markupsafe').Markup('<b>'), " +
      "'u': __import__('uuid').UUID('12345678-1234-5678-1234-567812345678'), " +
      "'d': __import__('datetime').datetime(2024, 2, 29, 12, 30, 45, tzinfo=__import__('datetime').timezone.utc)}",
    data: {
      t: [1, ['two', [3]]],
      b: 'AP8=',
      m: '<b>',
      u: '12345678-1234-5678-1234-567812345678',
      d: '2024-02-29T12:30:45.000Z',
    },
  },
  { description: 'keys that look like tags', data: { ' t': { ' di': [{ ' u': 1 }] } } },
  {
    description: 'a permanent session with a flashed message',
    python: "{'_permanent': True, '_flashes': [('message', 'Hello')]}",
    data: { _permanent: true, _flashes: [['message', 'Hello']] },
  },
  { description: 'a compressed session', data: { text: 'again and '.repeat(50) } },
];

/** @returns {{ format: string, secret: string, description: string, data: object, python?: string }[]} */
function cases() {
  const all = [];
  for (const format of [...PYTHON, 'cookie-session']) {
    const add = (secret, list) => all.push(...list.map((one) => ({ format, secret, ...one })));
    add(SECRET, COMMON);
    add('dev', [{ description: 'a short secret', data: { user: 'ada' } }]);
    if (format !== 'asgi-sessions fernet')
      add(UNICODE, [{ description: 'a secret beyond ASCII', data: { user: 'ada' } }]);
    if (PYTHON.includes(format)) add(SECRET, BEYOND_JSON);
    if (format === 'flask') add(SECRET, FLASK_TYPES);
  }
  return all;
}

function record({ format, secret, python, ...rest }) {
  const path = fileURLToPath(new URL(PYTHON.includes(format) ? 'bridge.py' : 'cookie-session.cjs', import.meta.url));
  const program = PYTHON.includes(format) ? '/usr/bin/python3' : process.execPath;
  const question = { now: NOW, ...(python === undefined ? { write: JSON.stringify(rest.data) } : { python }) };
  const { stdout, stderr } = spawnSync(program, [path, format, secret], { input: `${JSON.stringify(question)}\n` });
  const { value } = JSON.parse(stdout.toString() || `{"error":${JSON.stringify(stderr.toString())}}`);
  if (value === undefined) throw new Error(`${format}: ${rest.description}: ${stdout.toString()}${stderr.toString()}`);
  return { format, ...rest, ...(python && { python }), secret, now: NOW, values: [value].flat() };
}

const versions =
  'PyJWT 2.6.0, cryptography 38.0.4, itsdangerous 2.1.2, Starlette 0.26.1, Flask 2.2.2 (Debian 12), cookie-session 2.1.1';
const file = fileURLToPath(new URL('../../vectors/interop.json', import.meta.url));
writeFileSync(file, `${JSON.stringify({ versions, vectors: cases().map(record) }, null, 2)}\n`);
