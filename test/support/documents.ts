import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { sep } from 'node:path';

const ROOT = new URL('../../', import.meta.url);

/** The paths of all pages, from the root of the repository. */
export function allPages(): string[] {
  const below = ['docs', 'sample'].flatMap((folder) =>
    readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' }).map(
      (file) => `${folder}/${file.replaceAll(sep, '/')}`,
    ),
  );
  return [...readdirSync(ROOT), ...below].filter((file) => file.endsWith('.md'));
}

/** The text of a page, by its path from the root of the repository. */
export function readPage(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

/** The fenced blocks of a page in one language. */
export function blocksOf(page: string, language: string): string[] {
  return [...page.matchAll(/^```(.*)\n([^]*?)\n```$/gm)]
    .filter(([, info]) => info === language)
    .map(([, , text = '']) => text);
}

/** The text below each heading of a level, by the heading, up to the next one of this or a higher level. */
export function sectionsOf(page: string, level: number): Map<string, string> {
  const parts = page
    .split(new RegExp(`^(?=#{1,${level}} )`, 'm'))
    .filter((part) => part.startsWith(`${'#'.repeat(level)} `));
  return new Map(
    parts.map((part) => {
      const [heading = '', ...lines] = part.split('\n');
      return [heading.slice(level + 1), lines.join('\n')];
    }),
  );
}

/** The text of a page without its fenced blocks, in which `#` begins no heading and `[…](…)` is no link. */
export function withoutBlocks(page: string): string {
  return page.replaceAll(/^(```+).*\n[^]*?\n\1$/gm, '');
}

/** Runs the program of a page that exports `name`, as it stands there, and returns that export. */
export async function exportOf<T>(path: string, name: string): Promise<T> {
  const exported = new RegExp(`^export (?:async )?(?:class|function|const) ${name}\\b`, 'm');
  const programs = [...blocksOf(readPage(path), 'ts').entries()].filter(([, text]) => exported.test(text));
  const [program] = programs;
  if (program === undefined || programs.length > 1) {
    throw new Error(`Cannot run ${name} of ${path}: ${programs.length} programs export it. Exactly one must.`);
  }
  const [index, text] = program;
  // Git ignores the folder. All exports of a program come from one file, so that they are of one module.
  const file = new URL(`build/documents/${path.replaceAll(/\W/g, '-')}-${index}.ts`, ROOT);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, text);
  const { [name]: value } = (await import(file.href)) as Record<string, T>;
  if (value === undefined) throw new Error(`Cannot run ${name} of ${path}: it exports nothing of that name.`);
  return value;
}
