import { randomBytes } from 'node:crypto';
import { SessionError } from '../session.errors.js';
import { HELP } from './help.js';
import { inspect } from './inspect.js';
import { describe } from './describe.js';
import { type Command, parseArguments, UsageError } from './parse-arguments.js';
import { secretsIn } from './secrets-in.js';

/** 0: done, the cookie is accepted or decoded; 1: it is rejected; 2: the command line or the environment is wrong. */
export type ExitCode = 0 | 1 | 2;

/** What the program has around it. */
export interface Surroundings {
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  /** Current time in milliseconds since 1970. */
  readonly now: number;
  /** Writes to the standard output. */
  readonly print: (text: string) => void;
  /** Writes to the standard error. */
  readonly complain: (text: string) => void;
}

/** The most bytes that are read from the standard input: all headers that a server reads are a fraction of this. */
const MAX_INPUT = 1_048_576;

/** Runs one command of `nestjs-sessions`. @param args the command line without `node` and the program */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  try {
    return await execute(parseArguments(args), surroundings);
  } catch (error) {
    // Both say what to write instead; anything else is a bug, and its stack helps to find it.
    if (!(error instanceof UsageError) && !(error instanceof SessionError)) throw error;
    surroundings.complain(`${error.message}\n`);
    return 2;
  }
}

async function execute(command: Command, { env, stdin, now, print }: Surroundings): Promise<ExitCode> {
  if (command.name === 'inspect') {
    const text = command.cookie === '-' ? await read(stdin) : command.cookie;
    const options = { ...command, secrets: secretsIn(env), now: Math.floor(now / 1000) };
    const inspection = inspect(text, options);
    print(describe(inspection, options));
    return inspection.judgement.verdict === 'rejected' ? 1 : 0;
  }
  print(command.name === 'help' ? HELP : `${randomBytes(32).toString('base64')}\n`);
  return 0;
}

/** @throws UsageError for more than `MAX_INPUT` bytes */
async function read(stdin: Surroundings['stdin']): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > MAX_INPUT) {
      throw new UsageError(`Cannot read the cookie: the input has more than ${MAX_INPUT} bytes. Give the cookie only.`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
