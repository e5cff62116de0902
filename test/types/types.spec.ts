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
import { Session, SessionService } from 'nestjs-sessions';
import { expectTypeOf } from 'expect-type';
declare module 'nestjs-sessions' {
  interface SessionData { user?: { id: number } }
}
export function augmented(session: Session, service: SessionService): void {
  expectTypeOf(session.get('user')).toEqualTypeOf<{ id: number } | undefined>();
  expectTypeOf(service.data.user).toEqualTypeOf<{ id: number } | undefined>();
  expectTypeOf(service.get('other')).toBeAny();
  // @ts-expect-error -- the value is of another type
  service.set('user', { id: '1' });
}
`;

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
function diagnosticsOf(names: readonly string[], virtual: ReadonlyMap<string, string> = new Map()): string[] {
  const { options } = configOf('tsconfig.json');
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

  it('are as test/types says', () => {
    expect(diagnosticsOf(files)).toStrictEqual([]);
  });

  it('follow an augmentation of SessionData', () => {
    const name = join(folder, 'augmented.virtual.ts');
    expect(diagnosticsOf([name], new Map([[name, AUGMENTED]]))).toStrictEqual([]);
  });

  // Of several overloads, the message ends with the last one.
  it.each([
    [
      "SessionModule.forRoot({ secretKey: process.env['SESSION_SECRET'] })",
      "Type 'undefined' is not assignable to type 'SessionSecret | readonly SessionSecret[]'.",
    ],
    [
      "SessionModule.forRoot({ secretKey: [process.env['SESSION_SECRET']] })",
      "Type 'undefined' is not assignable to type 'number | SessionSecret'.",
    ],
    [
      "SessionModule.forRoot(process.env['SESSION_SECRET'])",
      "Type 'undefined' is not assignable to type 'SessionModuleOptions'.",
    ],
    [
      "SessionModule.forRootAsync({ useFactory: () => ({ secretKey: process.env['SESSION_SECRET'] }) })",
      "Type 'undefined' is not assignable to type 'SessionSecret | readonly SessionSecret[]'.",
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
  ])('end the message for %s with what is wrong', (call, last) => {
    const name = join(folder, 'mistake.virtual.ts');
    const text = `import { SessionModule } from 'nestjs-sessions';\n${call};\n`;
    const [message = '', ...others] = diagnosticsOf([name], new Map([[name, text]]));
    expect(others).toStrictEqual([]);
    expect(message.split('\n').at(-1)?.trim().replace('test/types/mistake.virtual.ts:2 ', '')).toBe(last);
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
