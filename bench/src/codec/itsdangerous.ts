import { spawnSync } from 'node:child_process';
import type { Found } from '../measure/samples.js';
import { SECRET } from './contender.js';
import { visitorOf } from './session.js';

/** What Flask and Starlette sign their sessions with, in Python's own process. */
const PROGRAM = `
import json, sys, time
from itsdangerous import URLSafeTimedSerializer
secret, text, rounds = json.load(sys.stdin)
serializer, session = URLSafeTimedSerializer(secret), json.loads(text)
token = serializer.dumps(session)
assert serializer.loads(token, max_age=60) == session
def cost(run, times=500):
    start = time.process_time()
    for _ in range(times):
        run()
    return (time.process_time() - start) / times * 1e6
encode, decode = lambda: serializer.dumps(session), lambda: serializer.loads(token, max_age=60)
cost(encode), cost(decode)
print(json.dumps([[cost(encode) for _ in range(rounds)], [cost(decode) for _ in range(rounds)]]))
`;

export const ITSDANGEROUS = 'itsdangerous, in Python';

/** Nothing where there is no Python with itsdangerous. */
export function itsdangerousSeries(size: number, rounds: number): Found {
  const input = JSON.stringify([SECRET.toString('latin1'), JSON.stringify(visitorOf(size)), rounds]);
  // Debian's Python first: its packages are not those of another one on the path.
  for (const python of ['/usr/bin/python3', 'python3']) {
    const { status, stdout } = spawnSync(python, ['-c', PROGRAM], { input, encoding: 'utf8' });
    if (status !== 0) continue;
    const [encode, decode] = JSON.parse(stdout) as [number[], number[]];
    return [
      [`signed, encode: ${ITSDANGEROUS}`, encode],
      [`signed, decode: ${ITSDANGEROUS}`, decode],
    ];
  }
  return [];
}
