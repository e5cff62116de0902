import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
};

/** Compiles `lib/` and one program into a folder of its own: many processes can then start fast. */
export async function compile(program: string): Promise<{ folder: string; main: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'nestjs-sessions-'));
  const sources = (await readdir(join(ROOT, 'lib'), { recursive: true })).map((file) => join('lib', file));
  for (const file of [...sources, program]) {
    if (!file.endsWith('.ts')) continue;
    const target = join(folder, file.replace(/\.ts$/, '.js'));
    await mkdir(dirname(target), { recursive: true });
    const source = await readFile(join(ROOT, file), 'utf8');
    await writeFile(target, ts.transpileModule(source, { compilerOptions, fileName: file }).outputText);
  }
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return { folder, main: join(folder, program.replace(/\.ts$/, '.js')) };
}
