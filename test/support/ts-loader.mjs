// Lets a Node process of its own run the TypeScript of this repository: node --import ./test/support/ts-loader.mjs x.ts
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

// Node runs the hooks below in a thread of their own, which loads this file again; only there is the compiler needed,
// so that the program's own heap is not full of it.
if (isMainThread) register(import.meta.url);
const ts = isMainThread ? undefined : (await import('typescript')).default;

/** What applications import, as `paths` in tsconfig.json has it. */
const PACKAGE = {
  'nestjs-sessions': '../../lib/index.ts',
  'nestjs-sessions/interop': '../../lib/interop/index.ts',
  'nestjs-sessions/store': '../../lib/store/index.ts',
  'nestjs-sessions/testing': '../../lib/testing/index.ts',
};

/** NEST_FOLDER: where Nest is installed, other than that of this repository, as test/nest11/jest.config.js says it. */
const { NEST_FOLDER } = process.env;
const NEST = /^(?:@nestjs\/|(?:rxjs|reflect-metadata)(?:\/|$))/;

export function resolve(specifier, context, next) {
  if (NEST_FOLDER !== undefined && NEST.test(specifier)) return next(specifier, { ...context, parentURL: NEST_FOLDER });
  if (Object.hasOwn(PACKAGE, specifier)) return next(new URL(PACKAGE[specifier], import.meta.url).href, context);
  const isOurs = specifier.startsWith('.') && context.parentURL?.endsWith('.ts');
  return next(isOurs ? specifier.replace(/\.js$/, '.ts') : specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const source = await readFile(fileURLToPath(url), 'utf8');
  const compilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    // So that a debugger shows the file as it was written.
    inlineSourceMap: true,
  };
  const { outputText } = ts.transpileModule(source, { compilerOptions, fileName: url });
  return { format: 'module', shortCircuit: true, source: outputText };
}
