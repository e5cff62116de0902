import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const ROOT = new URL('../../', import.meta.url);
const { exports, main, types, typesVersions } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly main: string;
  readonly types: string;
  readonly typesVersions: { readonly '*': Readonly<Record<string, readonly string[]>> };
};
/** Folders of `lib/` that others may import. */
const SUB_PATHS = readdirSync(new URL('lib/', ROOT)).filter((room) =>
  existsSync(new URL(`lib/${room}/index.ts`, ROOT)),
);

describe('package.json', () => {
  it('exports the package and each folder of lib/ that has an index.ts', () => {
    const names = ['.', ...SUB_PATHS.map((name) => `./${name}`), './package.json'];
    expect(new Set(Object.keys(exports))).toEqual(new Set(names));
  });

  it.each(['', ...SUB_PATHS.map((name) => `${name}/`)])('gives dist/%s to Node once, and to all others', (folder) => {
    const esm = { types: `./dist/${folder}index.d.ts`, default: `./dist/${folder}index.js` };
    const cjs = { types: `./dist/cjs/${folder}index.d.ts`, default: `./dist/cjs/${folder}index.js` };
    const conditions = exports[folder === '' ? '.' : `./${folder.slice(0, -1)}`] as object;
    // In this order: the first condition that holds is taken.
    expect(Object.entries(conditions)).toEqual([
      ['module-sync', esm],
      ['import', esm],
      ['require', cjs],
    ]);
  });

  it('tells resolution node10, which knows no exports, where the CommonJS build is', () => {
    expect({ main, types }).toEqual({ main: './dist/cjs/index.js', types: './dist/cjs/index.d.ts' });
    const paths = SUB_PATHS.map((name) => [name, [`./dist/cjs/${name}/index.d.ts`]]);
    expect(typesVersions).toEqual({ '*': Object.fromEntries(paths) });
  });
});
