import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { allPages } from '../support/documents.js';

const ROOT = new URL('../../', import.meta.url);
const HANDBOOK = read('CONTRIBUTING.md');
const SCRIPTS = scriptsOf('.');

const PROGRAMS = ['.ci/run', '.github/workflows/ci.yml', '.github/pull_request_template.md'];

describe('commands', () => {
  it.each([...allPages(), ...PROGRAMS])('that %s names are scripts of package.json', (path) => {
    expect(commandsIn(read(path)).filter((command) => !isScript(command))).toEqual([]);
  });

  it('that no package has are noticed, also where another package has one of that name', () => {
    const text = '`npm run lint`, npm run allocation --prefix bench\nnpm run allocation && npm run lint --prefix=bench';
    expect(commandsIn(text).filter((command) => !isScript(command))).toEqual([
      { script: 'allocation', folder: '.' },
      { script: 'lint', folder: 'bench' },
    ]);
  });

  it('all stand in CONTRIBUTING.md, but for those that npm runs by itself', () => {
    const table = section('Commands');
    const hooks = SCRIPTS.filter((script) => /^(pre|post)/.test(script));
    const missing = SCRIPTS.filter((script) => !new RegExp(`\`(npm (run )?)?${script}[\` ]`).test(table));
    expect(missing).toEqual(hooks);
  });
});

describe('the table of test folders in CONTRIBUTING.md', () => {
  it('has a row for each folder, and no other', () => {
    const rows = [...section('Tests').matchAll(/^\| `(.*?)\/` +\|/gm)].map(([, folder]) => folder);
    const folders = foldersOf('test/').flatMap((folder) =>
      folder === 'e2e' ? foldersOf('test/e2e/').map((topic) => `e2e/${topic}`) : [folder],
    );
    expect(new Set(rows)).toEqual(new Set(folders));
    expect(rows).toHaveLength(folders.length);
  });
});

interface Command {
  readonly script: string;
  /** The folder of the package whose script it is. */
  readonly folder: string;
}

/** `npm run …` in a text, with the package that `--prefix` names. */
function commandsIn(text: string): Command[] {
  const commands = text.matchAll(/npm run ([\w:-]+)(?: --prefix[ =]([\w./-]+))?/g);
  return [...commands].map(([, script = '', folder = '.']) => ({ script, folder }));
}

function isScript({ script, folder }: Command): boolean {
  return (folder === '.' ? SCRIPTS : scriptsOf(folder)).includes(script);
}

function scriptsOf(folder: string): string[] {
  const { scripts } = JSON.parse(read(`${folder}/package.json`)) as { scripts: Record<string, string> };
  return Object.keys(scripts);
}

function section(heading: string): string {
  return HANDBOOK.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
}

function foldersOf(path: string): string[] {
  const entries = readdirSync(new URL(path, ROOT), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}
