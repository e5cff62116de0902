// Lets a Node process of its own run the TypeScript of this repository: node --import ./test/support/ts-loader.mjs x.ts
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

// Node runs the hooks below in a thread of their own, which loads this file again; only there is the compiler needed,
// so that the program's own heap is not full of it.
if (isMainThread) register(import.meta.url);
const ts = isMainThread ? undefined : (await import('typescript')).default;

export function resolve(specifier, context, next) {
  if (specifier === 'nestjs-sessions') return next(new URL('../../lib/index.ts', import.meta.url).href, context);
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
  };
  return { format: 'module', shortCircuit: true, source: ts.transpileModule(source, { compilerOptions }).outputText };
}
