import { describe, expect, it, jest } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

jest.setTimeout(120_000);

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const folder = join(root, 'test/types');

/** A program that augments SessionData: it stands alone, as it would change the types of every other test. */
const AUGMENTED = `
import type { INestApplication } from '@nestjs/common';
import { Session, SessionGuard, SessionManager, SessionService } from 'nestjs-sessions';
import { fakeSession, readSession, sessionCookie } from 'nestjs-sessions/testing';
import { expectTypeOf } from 'expect-type';
declare module 'nestjs-sessions' {
  interface SessionData { user?: { id: number }; visits?: number; $flash?: { notice: string } }
}
type User = { id: number } | undefined;
export function known(session: Session, service: SessionService, manager: SessionManager, app: INestApplication): void {
  expectTypeOf(session.get('user')).toEqualTypeOf<User>();
  expectTypeOf(service.data.user).toEqualTypeOf<User>();
  expectTypeOf(manager.open({}).get('user')).toEqualTypeOf<User>();
  expectTypeOf(app.get(SessionManager).open({}).get('user')).toEqualTypeOf<User>();
  expectTypeOf(readSession(app, [])?.user).toEqualTypeOf<User>();
  expectTypeOf(fakeSession({ visits: 1 }).get('user')).toEqualTypeOf<User>();
  expectTypeOf(session.flash('notice')).toEqualTypeOf<string | undefined>();
  expectTypeOf(manager.open<{ role: string }>({}).get('role')).toEqualTypeOf<string | undefined>();
  sessionCookie(app, { visits: 1 });
  SessionGuard((any) => any.get('user')?.id === 1);
  Session('user');
  Session({ name: 'admin', key: 'role' });
}
export function mistakes(session: Session, manager: SessionManager, app: INestApplication): void {
  // @ts-expect-error -- the value is of another type
  session.set('user', { id: '1' });
  // @ts-expect-error -- no such key
  session.get('usr');
  // @ts-expect-error -- no such key
  session.data.usr;
  // @ts-expect-error -- no such key
  session.flash('note');
  // @ts-expect-error -- no such key
  manager.open({}).has('usr');
  // @ts-expect-error -- no such key
  Session('usr');
  // @ts-expect-error -- no such key
  SessionGuard('usr');
  // @ts-expect-error -- no such key
  sessionCookie(app, { usr: 1 });
  // @ts-expect-error -- no such key
  fakeSession({ usr: 1 });
  // @ts-expect-error -- no such key
  readSession(app, [])?.usr;
}
`;

/** A first program: it has no types of its own. */
const UNTYPED = `
import type { ExecutionContext } from '@nestjs/common';
import { Session, SessionManager } from 'nestjs-sessions';
export class UntypedController {
  visit(@Session() session: Session): string {
    session.set('visits', (session.get('visits') ?? 0) + 1);
    return \`Visit \${session.data.visits} of \${session.get('user')?.name}\`;
  }
}
export const guard = (sessions: SessionManager, context: ExecutionContext) => sessions.open(context).get('user') === 'ada';
`;

/** Compilers of applications that are less strict than that of this package. */
const COMPILERS: readonly (readonly [name: string, options: ts.CompilerOptions])[] = [
  ['of this package', {}],
  ['with "strict" alone', { exactOptionalPropertyTypes: false, noUncheckedIndexedAccess: false }],
  [
    "of Nest's starter",
    { exactOptionalPropertyTypes: false, noUncheckedIndexedAccess: false, strict: false, strictNullChecks: true },
  ],
];

function configOf(file: string): ts.ParsedCommandLine {
  const config = ts.getParsedCommandLineOfConfigFile(join(root, file), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
      throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
    },
  });
  if (config === undefined) throw new Error(`Cannot read ${file}.`);
  return config;
}

/** What `tsc` says of these files, and of files that exist only in `virtual`, by the options of the root tsconfig. */
function diagnosticsOf(
  names: readonly string[],
  virtual: ReadonlyMap<string, string> = new Map(),
  others: ts.CompilerOptions = {},
): string[] {
  const options = { ...configOf('tsconfig.json').options, ...others };
  const host = ts.createCompilerHost(options, true);
  const isFile = (name: string) => virtual.has(name) || ts.sys.fileExists(name);
  const read = (name: string) => virtual.get(name) ?? ts.sys.readFile(name);
  const program = ts.createProgram([...names], options, Object.assign(host, { fileExists: isFile, readFile: read }));
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
    return `${file?.fileName.slice(root.length + 1)}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}

describe('The types', () => {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));

  it('are compiled with the rest of the package', () => {
    expect(files).not.toStrictEqual([]);
    expect(configOf('tsconfig.json').fileNames).toStrictEqual(expect.arrayContaining(files));
  });

  it.each(COMPILERS)(
    'are as test/types says, and let a program without types compile, for a compiler %s',
    (_, options) => {
      const name = join(folder, 'untyped.virtual.ts');
      expect(diagnosticsOf([...files, name], new Map([[name, UNTYPED]]), options)).toStrictEqual([]);
    },
  );

  it('follow an augmentation of SessionData, and refuse all other keys', () => {
    const name = join(folder, 'augmented.virtual.ts');
    expect(diagnosticsOf([name], new Map([[name, AUGMENTED]]))).toStrictEqual([]);
  });

  // Of several overloads, the message ends with the last one.
  const MISTAKES = [
    [
      "SessionModule.forRoot({ secretKey: process.env['SESSION_SECRET'] })",
      "Type 'undefined' is not assignable to type 'SecretKey'.",
    ],
    [
      "SessionModule.forRoot({ secretKey: [process.env['SESSION_SECRET']] })",
      "Type 'undefined' is not assignable to type 'number | SessionSecret'.",
    ],
    [
      "SessionModule.forRoot(process.env['SESSION_SECRET'])",
      "Type 'undefined' is not assignable to type 'string | (SessionModuleOptions & SessionModuleExtras)'.",
    ],
    [
      "SessionModule.forRoot(process.env['SESSION_SECRET'], { maxAge: 60 })",
      "Type 'undefined' is not assignable to type 'SecretKey'.",
    ],
    [
      "SessionModule.forRootAsync({ useFactory: () => ({ secretKey: process.env['SESSION_SECRET'] }) })",
      "Type 'undefined' is not assignable to type 'SecretKey'.",
    ],
    [
      'SessionModule.forRoot({ maxAge: 60 })',
      "Property 'secretKey' is missing in type '{ maxAge: number; }' but required in type 'SessionModuleOptions'.",
    ],
    [
      "SessionModule.forRoot({ secretKey: 'x', maxage: 60 })",
      "Object literal may only specify known properties, but 'maxage' does not exist in type 'SessionModuleOptions & SessionModuleExtras'. Did you mean to write 'maxAge'?",
    ],
    [
      "SessionModule.forRoot({ secretKey: 'x', sameSite: 'Lax' })",
      `Type '"Lax"' is not assignable to type 'ByRequest<"lax" | "strict" | "none"> | undefined'. Did you mean '"lax"'?`,
    ],
  ] as const;

  it('end the message for a mistake with what is wrong', () => {
    const head = `import { SessionModule } from 'nestjs-sessions';\n`;
    const programs = MISTAKES.map(
      ([call], index) => [join(folder, `mistake-${index}.virtual.ts`), `${head}${call};\n`] as const,
    );
    const messages = diagnosticsOf(
      programs.map(([name]) => name),
      new Map(programs),
    );
    const ends = messages.map((message) =>
      message
        .replace(/^\S+:2 /, '')
        .split('\n')
        .at(-1)
        ?.trim(),
    );
    expect(ends).toStrictEqual(MISTAKES.map(([, end]) => end));
  });

  it('would be found wrong by this test', () => {
    const name = join(folder, 'wrong.virtual.ts');
    const text = `import type { SessionService } from 'nestjs-sessions';
export const id = (session: SessionService): number => session.id;
// @ts-expect-error -- nothing is wrong here
export const size = (session: SessionService): number => session.size;
`;
    expect(diagnosticsOf([name], new Map([[name, text]]))).toStrictEqual([
      "test/types/wrong.virtual.ts:2 Type 'string' is not assignable to type 'number'.",
      "test/types/wrong.virtual.ts:3 Unused '@ts-expect-error' directive.",
    ]);
  });
});
