import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** The packages that a file imports, and those that its imports import. */
function packagesOf(file: URL, visited = new Set<string>()): string[] {
  if (visited.has(file.href)) return [];
  visited.add(file.href);
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
    // Without the imports of types, which are gone when the program runs.
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  const names = ts.preProcessFile(outputText, true, true).importedFiles.map(({ fileName }) => fileName);
  return names.flatMap((name) =>
    name.startsWith('.') ? packagesOf(new URL(name.replace(/\.js$/, '.ts'), file), visited) : [name],
  );
}

const main = new URL('../../../lib/cli/main.ts', import.meta.url);

describe('The command line', () => {
  it('starts without Nest, which takes its time and may not be installed', () => {
    const packages = new Set(packagesOf(main).filter((name) => !name.startsWith('node:')));
    expect([...packages]).toEqual(['cookie']);
  });

  it('begins with a line that has a shell run it by node', () => {
    expect(readFileSync(main, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});
