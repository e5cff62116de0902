import { deepStrictEqual } from 'node:assert/strict';
import { AGAIN } from '../measure/again.js';
import type { Subject } from '../measure/rounds.js';
import type { Contender } from './contender.js';
import { encryptedFloor, hashFloor, oneKeyFloor, signedFloor } from './floor.js';
import { encrypted, signed } from './ours.js';
import { peers } from './peers.js';
import { visitorOf } from './session.js';

/** What a contender does is measured under this name. */
export function subjectName({ mode, name }: Pick<Contender, 'mode' | 'name'>, what: 'encode' | 'decode'): string {
  return `${mode}, ${what}: ${name}`;
}

/** Encoding and decoding by everybody, each of which is first seen to give back what it was given. */
export async function codecSubjects(size: number): Promise<Subject[]> {
  const again: Contender = { ...signedFloor, name: signedFloor.name + AGAIN };
  const contenders = [
    signedFloor,
    again,
    hashFloor,
    signed,
    encryptedFloor,
    oneKeyFloor,
    encrypted,
    ...(await peers()),
  ];
  const subjects = await Promise.all(contenders.map((contender) => subjectsOf(contender, size)));
  return subjects.flat();
}

async function subjectsOf(contender: Contender, size: number): Promise<Subject[]> {
  const session: Record<string, unknown> = { ...visitorOf(size) };
  const token = await contender.encode(session);
  deepStrictEqual({ ...((await contender.decode(token)) as object) }, session, contender.name);
  return [
    { name: subjectName(contender, 'encode'), run: (times) => repeat(() => contender.encode(session), times) },
    { name: subjectName(contender, 'decode'), run: (times) => repeat(() => contender.decode(token), times) },
  ];
}

async function repeat(once: () => unknown, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const result = once();
    // What is synchronous does not pay for a turn of the loop.
    if (result instanceof Promise) await result;
  }
}
