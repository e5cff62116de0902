import { parseArgs } from 'node:util';
import { isLifetime, LONGEST_LIFETIME } from '../codec/lifetime.js';
import { printable } from '../data/quote.js';
import { COOKIE_NAME } from '../rules/check-options.js';

/** The command line, taken apart. */
export type Command =
  | { readonly name: 'help' | 'secret' }
  | {
      readonly name: 'inspect';
      /** A value, header or line; `-` for the standard input. */
      readonly cookie: string;
      /** @default "session", or the first cookie that looks like a session */
      readonly cookieName: string | undefined;
      /** In seconds. @default none: only the token's own times count */
      readonly maxAge: number | undefined;
      /** In seconds. @default none */
      readonly absoluteMaxAge: number | undefined;
      readonly showValues: boolean;
      readonly isJson: boolean;
    };

/** The command line or the input is wrong; the message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const SEE_HELP = 'See: npx nestjs-sessions --help';

const OPTIONS = {
  name: { type: 'string' },
  'max-age': { type: 'string' },
  'absolute-max-age': { type: 'string' },
  values: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @throws UsageError */
export function parseArguments(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  const [command, ...rest] = positionals;
  if (values.help === true) return { name: 'help' };
  if (command === 'secret') {
    if (args.length > 1) throw new UsageError(`Cannot run secret: it takes no arguments. ${SEE_HELP}`);
    return { name: 'secret' };
  }
  if (command !== 'inspect') throw new UsageError(`Cannot run: the command is secret or inspect. ${SEE_HELP}`);
  if (rest.length === 0) throw new UsageError(`Cannot inspect: no cookie was given. ${SEE_HELP}`);
  const [isName] = COOKIE_NAME;
  if (values.name !== undefined && !isName(values.name)) {
    throw new UsageError('Cannot use --name: no cookie can have that name. Give its name only, such as session.');
  }
  return {
    name: 'inspect',
    // A header without quotes around it comes as several arguments.
    cookie: rest.join(' '),
    cookieName: values.name,
    maxAge: secondsOf('max-age', values['max-age']),
    absoluteMaxAge: secondsOf('absolute-max-age', values['absolute-max-age']),
    showValues: values.values === true,
    isJson: values.json === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (!code.startsWith('ERR_PARSE_ARGS_')) throw error;
    // The first sentence says what is wrong; what may follow is advice of several lines.
    const [sentence = ''] = message.split(/\.\s|\n/, 1);
    throw new UsageError(`Cannot run: ${printable(sentence.slice(0, 200))}. ${SEE_HELP}`);
  }
}

function secondsOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : undefined;
  if (isLifetime(seconds)) return seconds;
  throw new UsageError(`Cannot use --${option}: give a whole number of seconds from 1 to ${LONGEST_LIFETIME}.`);
}
