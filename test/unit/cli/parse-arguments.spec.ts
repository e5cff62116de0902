import { describe, expect, it } from '@jest/globals';
import { parseArguments, UsageError } from '../../../lib/cli/parse-arguments.js';
import { secretsIn } from '../../../lib/cli/secrets-in.js';

const INSPECT = {
  name: 'inspect',
  cookie: 'token',
  cookieName: undefined,
  maxAge: undefined,
  absoluteMaxAge: undefined,
  showValues: false,
  isJson: false,
};

describe('parseArguments', () => {
  it.each([['--help'], ['-h'], ['inspect', '--help'], ['secret', '-h'], ['--help', 'nonsense']])(
    'takes %j %j for a wish for help',
    (...args) => {
      expect(parseArguments(args.filter((arg) => arg !== undefined))).toEqual({ name: 'help' });
    },
  );

  it('takes secret', () => {
    expect(parseArguments(['secret'])).toEqual({ name: 'secret' });
  });

  it('takes a cookie, and nothing else by default', () => {
    expect(parseArguments(['inspect', 'token'])).toEqual(INSPECT);
  });

  it('takes options before and after the cookie', () => {
    const args = [
      'inspect',
      '--name',
      '__Host-id',
      'token',
      '--json',
      '--values',
      '--max-age=60',
      '--absolute-max-age',
      '90',
    ];
    expect(parseArguments(args)).toEqual({
      ...INSPECT,
      cookieName: '__Host-id',
      maxAge: 60,
      absoluteMaxAge: 90,
      showValues: true,
      isJson: true,
    });
  });

  it('takes a header without quotes around it, and a value that begins with a dash', () => {
    expect(parseArguments(['inspect', 'Cookie:', 'a=b;', 'session=token'])).toMatchObject({
      cookie: 'Cookie: a=b; session=token',
    });
    expect(parseArguments(['inspect', '--', '-token'])).toMatchObject({ cookie: '-token' });
    expect(parseArguments(['inspect', '-'])).toMatchObject({ cookie: '-' });
  });

  it.each<[string, string[], string]>([
    ['no command', [], 'Cannot run: the command is secret or inspect. See: npx nestjs-sessions --help'],
    ['another command', ['decode'], 'Cannot run: the command is secret or inspect. See: npx nestjs-sessions --help'],
    ['no cookie', ['inspect'], 'Cannot inspect: no cookie was given. See: npx nestjs-sessions --help'],
    [
      'an argument of secret',
      ['secret', '64'],
      'Cannot run secret: it takes no arguments. See: npx nestjs-sessions --help',
    ],
    [
      'an option of secret',
      ['secret', '--json'],
      'Cannot run secret: it takes no arguments. See: npx nestjs-sessions --help',
    ],
    [
      'an unknown option',
      ['inspect', '--secret', 'x'],
      "Cannot run: Unknown option '--secret'. See: npx nestjs-sessions --help",
    ],
    [
      'a value for a switch',
      ['inspect', '--json=1', 'x'],
      "Cannot run: Option '--json' does not take an argument. See: npx nestjs-sessions --help",
    ],
    [
      'an option without its value',
      ['inspect', 'x', '--name'],
      "Cannot run: Option '--name <value>' argument missing. See: npx nestjs-sessions --help",
    ],
    [
      'control characters',
      ['inspect', '--\u001b[2J'],
      "Cannot run: Unknown option '--\\u001b[2J'. See: npx nestjs-sessions --help",
    ],
    [
      'a name that no cookie has',
      ['inspect', '--name', 'a b', 'x'],
      'Cannot use --name: no cookie can have that name. Give its name only, such as session.',
    ],
    [
      'a maxAge of no seconds',
      ['inspect', '--max-age', '0', 'x'],
      'Cannot use --max-age: give a whole number of seconds from 1 to 3155760000.',
    ],
    [
      'a maxAge with a unit',
      ['inspect', '--absolute-max-age', '14d', 'x'],
      'Cannot use --absolute-max-age: give a whole number of seconds from 1 to 3155760000.',
    ],
  ])('refuses %s', (_, args, message) => {
    expect(() => parseArguments(args)).toThrow(new UsageError(message));
  });
});

describe('secretsIn', () => {
  it.each<[string, Record<string, string>, string[]]>([
    ['none', {}, []],
    ['none where they are empty', { SESSION_SECRET: '', SESSION_SECRETS: ',' }, []],
    ['one with whatever it contains', { SESSION_SECRET: 'a,b =' }, ['a,b =']],
    ['several, in order', { SESSION_SECRETS: 'new,old,' }, ['new', 'old']],
  ])('finds %s', (_, env, secrets) => {
    expect(secretsIn(env)).toEqual(secrets);
  });

  it('refuses to choose', () => {
    expect(() => secretsIn({ SESSION_SECRET: 'a', SESSION_SECRETS: 'b' })).toThrow(
      new UsageError('Cannot choose the secrets: SESSION_SECRET and SESSION_SECRETS are set. Set one of them.'),
    );
  });
});
