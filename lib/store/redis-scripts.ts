import { createHash } from 'node:crypto';
import type { RedisConnection } from './redis-connection.js';

/** A Lua script that works on one key, so that a cluster can run it. */
export interface Script {
  readonly source: string;
  readonly digest: string;
}

/** Runs a script by its digest, and sends its text where the server does not know it: after a restart, or for the first time. */
export async function run(redis: RedisConnection, script: Script, key: string, ...args: string[]): Promise<unknown> {
  try {
    return await redis.send(key, 'EVALSHA', script.digest, '1', key, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return redis.send(key, 'EVAL', script.source, '1', key, ...args);
  }
}

/** Stores a session where none lives. Arguments: now, when to expire, fields. */
export const CREATE = lua(`
  local kept = redis.call('HGET', KEYS[1], 'expiresAt')
  if kept and tonumber(kept) > tonumber(ARGV[1]) then return 'exists' end
  redis.call('HSET', KEYS[1], unpack(ARGV, 3))
  redis.call('EXPIREAT', KEYS[1], ARGV[2])
  return 'created'`);

/** Changes a session that is there. Arguments: now, its version, when to expire or nothing, fields. */
export const WRITE = lua(`
  local kept = redis.call('HMGET', KEYS[1], 'expiresAt', 'version')
  if not kept[1] or tonumber(kept[1]) <= tonumber(ARGV[1]) then return 'gone' end
  if ARGV[2] ~= kept[2] then return 'conflict' end
  redis.call('HSET', KEYS[1], unpack(ARGV, 4))
  if ARGV[3] ~= '' then redis.call('EXPIREAT', KEYS[1], ARGV[3]) end
  return 'saved'`);

/** Extends a session that is there, and never shortens it. Arguments: now, its new seenAt and expiresAt, when to expire. */
export const TOUCH = lua(`
  local kept = redis.call('HMGET', KEYS[1], 'expiresAt', 'seenAt')
  if not kept[1] or tonumber(kept[1]) <= tonumber(ARGV[1]) then return 'gone' end
  if tonumber(kept[2]) < tonumber(ARGV[2]) then redis.call('HSET', KEYS[1], 'seenAt', ARGV[2]) end
  if tonumber(kept[1]) < tonumber(ARGV[3]) then
    redis.call('HSET', KEYS[1], 'expiresAt', ARGV[3])
    redis.call('EXPIREAT', KEYS[1], ARGV[4])
  end
  return 'saved'`);

/** Deletes a session, or, by arguments, only a living one of a subject begun up to then. Answers its subject where it was there. */
export const DELETE = lua(`
  local kept = redis.call('HMGET', KEYS[1], 'subject', 'createdAt', 'expiresAt')
  if ARGV[1] and kept[1] ~= ARGV[1] then return false end
  if ARGV[1] and (tonumber(kept[2]) > tonumber(ARGV[2]) or tonumber(kept[3]) <= tonumber(ARGV[3])) then return false end
  redis.call('DEL', KEYS[1])
  return kept[1]`);

const EXPIRE_WITH_LAST = `
  local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
  if last[2] then redis.call('EXPIREAT', KEYS[1], math.ceil(last[2]) + 60) end`;

/** Adds a session to an index, or extends it there; never shortens. Arguments: before when to clean up, score, key. */
export const INDEX = lua(`
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
  redis.call('ZADD', KEYS[1], 'GT', ARGV[2], ARGV[3])${EXPIRE_WITH_LAST}
  return redis.call('ZSCORE', KEYS[1], '!')`);

/** Remembers a revocation, unless a later one is, as the member "!". Argument: when. Answers all members. */
export const REVOKE = lua(`
  redis.call('ZADD', KEYS[1], 'GT', ARGV[1], '!')${EXPIRE_WITH_LAST}
  return redis.call('ZRANGE', KEYS[1], 0, -1)`);

/** Members and scores of an index, as text under each version of the protocol. Argument: from which score. */
export const LIST = lua(`
  return redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[1], '+inf', 'WITHSCORES')`);

/** Removes members that still have a score. Arguments: member, score, member, score … */
export const FORGET = lua(`
  for i = 1, #ARGV, 2 do
    if redis.call('ZSCORE', KEYS[1], ARGV[i]) == ARGV[i + 1] then redis.call('ZREM', KEYS[1], ARGV[i]) end
  end`);

function lua(source: string): Script {
  return { source, digest: createHash('sha1').update(source).digest('hex') };
}
