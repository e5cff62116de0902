import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = new URL('../../', import.meta.url);
const LIB = new URL('lib/', ROOT);
const PAGE = readFileSync(new URL('ARCHITECTURE.md', ROOT), 'utf8');

/** Files outside the rooms: the one imports them all, the other may be imported by all. */
const BARREL = 'index.ts';
const ERRORS = 'session.errors.ts';

describe('the picture of the rooms in ARCHITECTURE.md', () => {
  const picture = /^```mermaid\n([^]*?)\n```$/m.exec(PAGE)?.[1] ?? '';
  const rooms = [...picture.matchAll(/^ {2}(\w+)\["/gm)].map(([, room = '']) => room);
  const imports = importsOf(sources());

  it('is a ladder: an arrow leads from each room to the next', () => {
    const arrows = [...picture.matchAll(/^ {2}(\w+)\[.*?\] --> (\w+)$/gm)].map(([, from, to]) => [from, to]);
    expect(arrows).toEqual(rooms.slice(1).map((room, index) => [rooms[index], room]));
  });

  it('shows every folder of lib/, and none that is not there', () => {
    const folders = readdirSync(LIB, { withFileTypes: true }).filter((each) => each.isDirectory());
    expect(rooms.toSorted()).toEqual(folders.map(({ name }) => name).toSorted());
  });

  it('has a room for every file but index.ts and session.errors.ts', () => {
    const homeless = [...sources().keys()].filter((file) => roomOf(file) === undefined);
    expect(homeless.toSorted()).toEqual([BARREL, ERRORS]);
  });

  it('is true: a room imports only rooms below it, types included', () => {
    expect(imports.filter(isAcrossRooms).length).toBeGreaterThan(50);
    expect(violations(rooms, imports)).toEqual([]);
  });
});

describe('the check of the picture', () => {
  const ladder = ['top', 'middle', 'bottom'];
  const check = (file: string, text: string) => violations(ladder, importsOf(new Map([[file, text]])));

  it.each([
    ['top/a.ts', "import { b } from '../middle/b.js';"],
    ['top/a.ts', "export * from '../bottom/b.js';"],
    ['middle/deep/a.ts', "import { b } from '../b.js'; import { c } from '../../session.errors.js';"],
    ['index.ts', "export { a } from './top/a.js';"],
    ['bottom/a.ts', "import { a } from 'node:crypto'; import b from 'cookie';"],
    ['bottom/a.ts', "// import { a } from '../top/a.js';"],
  ])('allows in %s: %s', (file, text) => {
    expect(check(file, text)).toEqual([]);
  });

  it.each([
    ['middle/a.ts', "import { b } from '../top/b.js';", 'middle/a.ts imports top/b.ts, upwards'],
    ['middle/a.ts', "import type { B } from '../top/b.js';", 'middle/a.ts imports top/b.ts, upwards'],
    ['middle/deep/a.ts', "export * from '../../top/b.js';", 'middle/deep/a.ts imports top/b.ts, upwards'],
    ['bottom/a.ts', "export type A = import('../top/b.js').B;", 'bottom/a.ts imports top/b.ts, upwards'],
    ['bottom/a.ts', "await import('../middle/b.js');", 'bottom/a.ts imports middle/b.ts, upwards'],
    ['top/a.ts', "import { b } from '../index.js';", 'top/a.ts imports index.ts, a barrel'],
    ['top/a.ts', "import { b } from '../middle/index.js';", 'top/a.ts imports middle/index.ts, a barrel'],
    ['top/a.ts', "import { b } from 'nestjs-sessions';", 'top/a.ts imports nestjs-sessions, a barrel'],
    ['top/a.ts', "import { b } from '../stray.js';", 'top/a.ts imports stray.ts, which has no room'],
    ['top/a.ts', "import { b } from '../cellar/b.js';", 'top/a.ts imports cellar/b.ts, which has no room'],
    ['session.errors.ts', "import { b } from './bottom/b.js';", 'session.errors.ts imports bottom/b.ts, upwards'],
  ])('refuses in %s: %s', (file, text, complaint) => {
    expect(check(file, text)).toEqual([complaint]);
  });
});

interface Import {
  /** Both are paths below lib/; what is imported may be the name of a package. */
  readonly from: string;
  readonly to: string;
}

/** The files of lib/ by their paths below it. */
function sources(): Map<string, string> {
  const files = readdirSync(LIB, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return new Map(
    files.map((file) => [file.replaceAll(sep, '/'), readFileSync(fileURLToPath(new URL(file, LIB)), 'utf8')]),
  );
}

/** What TypeScript itself takes for an import: also `export … from`, `import()` and the type `import('…').X`. */
function importsOf(files: ReadonlyMap<string, string>): Import[] {
  return [...files].flatMap(([from, text]) => {
    const names = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
    return names.map((name) => ({ from, to: name.startsWith('.') ? pathOf(from, name) : name }));
  });
}

function pathOf(from: string, name: string): string {
  return posix.join(posix.dirname(from), name).replace(/\.js$/, '.ts');
}

/** A complaint for each import that the ladder does not allow. @param rooms from top to bottom */
function violations(rooms: readonly string[], imports: readonly Import[]): string[] {
  return imports.flatMap(({ from, to }) => {
    const why = complaintOf(rooms, from, to);
    return why === undefined ? [] : [`${from} imports ${to}, ${why}`];
  });
}

function complaintOf(rooms: readonly string[], from: string, to: string): string | undefined {
  if (to.startsWith('nestjs-sessions')) return 'a barrel';
  if (!to.endsWith('.ts') || from === BARREL || to === ERRORS) return undefined;
  if (posix.basename(to) === BARREL) return 'a barrel';
  const floor = rooms.indexOf(roomOf(to) ?? '');
  if (floor === -1) return 'which has no room';
  // What stands outside the rooms stands below them: the errors import nothing.
  const room = roomOf(from);
  return room === undefined || floor < rooms.indexOf(room) ? 'upwards' : undefined;
}

function isAcrossRooms({ from, to }: Import): boolean {
  return to.endsWith('.ts') && roomOf(to) !== undefined && roomOf(from) !== roomOf(to);
}

/** `codec` of `codec/claims.ts`. */
function roomOf(file: string): string | undefined {
  return file.includes('/') ? file.split('/')[0] : undefined;
}
