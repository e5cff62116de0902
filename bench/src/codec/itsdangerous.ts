import { spawnSync } from 'node:child_process';
import type { Found } from '../measure/samples.js';
import { SECRET } from './contender.js';
import { visitorOf } from './session.js';

/** What Flask signs its sessions with, in Python's own process. */
const PROGRAM = `
import json, sys, time
from itsdangerous import URLSafeTimedSerializer
secret, text, rounds = json.load(sys.stdin)
serializer, session = URLSafeTimedSerializer(secret), json.loads(text)
token = serializer.dumps(session)
assert serializer.loads(token, max_age=60) == session
forged = token[:-11] + ("B" if token[-11] == "A" else "A") + token[-10:]
assert not serializer.loads_unsafe(forged)[0]
def cost(run, times=500):
    start = time.process_time()
    for _ in range(times):
        run()
    return (time.process_time() - start) / times * 1e6
encode, decode = lambda: serializer.dumps(session), lambda: serializer.loads(token, max_age=60)
cost(encode), cost(decode)
print(json.dumps([[cost(encode) for _ in range(rounds)], [cost(decode) for _ in range(rounds)]]))
`;

const VERSION = 'import importlib.metadata, itsdangerous; print(importlib.metadata.version("itsdangerous"))';

const NAME = 'itsdangerous, in Python';

/** A Python that has itsdangerous, and which version of it. */
interface Python {
  readonly command: string;
  readonly version: string;
}

/** Debian's Python first: its packages are not those of another one on the path. */
function findPython(): Python | undefined {
  for (const command of ['/usr/bin/python3', 'python3']) {
    const { status, stdout } = spawnSync(command, ['-c', VERSION], { encoding: 'utf8' });
    if (status === 0) return { command, version: stdout.trim() };
  }
  return undefined;
}

/** The version of itsdangerous; `undefined` where there is no Python that has it. */
export function itsdangerousVersion(): string | undefined {
  return findPython()?.version;
}

/**
 * Nothing where there is no Python with itsdangerous.
 *
 * @throws Error where it does not give back its session, or takes a forged one
 */
export function itsdangerousSeries(size: number, rounds: number): Found {
  const python = findPython();
  if (python === undefined) return [];
  const input = JSON.stringify([SECRET.toString('latin1'), JSON.stringify(visitorOf(size)), rounds]);
  const { status, stdout, stderr } = spawnSync(python.command, ['-c', PROGRAM], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`itsdangerous could not be measured: ${stderr}`);
  const [encode = [], decode = []] = JSON.parse(stdout) as number[][];
  return [
    [`signed, encode: ${NAME}`, encode],
    [`signed, decode: ${NAME}`, decode],
  ];
}
