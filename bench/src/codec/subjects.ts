import { deepStrictEqual, ok } from 'node:assert/strict';
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

/** Encoding and decoding by everybody, each of which is first seen to give back what it was given, and nothing forged. */
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
  for (const forged of forgeriesOf(token)) ok(await isRefused(contender, forged), `${contender.name} takes ${forged}`);
  return [
    { name: subjectName(contender, 'encode'), run: (times) => repeat(() => contender.encode(session), times) },
    { name: subjectName(contender, 'decode'), run: (times) => repeat(() => contender.decode(token), times) },
  ];
}

/** A token with another character within the data, and with one near the end, where the signature, the tag or the nonce is. */
function forgeriesOf(token: string): string[] {
  return [token.length >> 1, token.length - 11].map((place) => {
    const other = token[place] === 'A' ? 'B' : 'A';
    return token.slice(0, place) + other + token.slice(place + 1);
  });
}

/** Whether nothing comes of a token: some throw, some have an empty session. */
async function isRefused(contender: Contender, token: string): Promise<boolean> {
  try {
    return Object.keys((await contender.decode(token)) ?? {}).length === 0;
  } catch {
    return true;
  }
}

async function repeat(once: () => unknown, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const result = once();
    // What is synchronous does not pay for a turn of the loop.
    if (result instanceof Promise) await result;
  }
}
