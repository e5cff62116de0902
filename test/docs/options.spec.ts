import { describe, expect, it } from '@jest/globals';
import type { DynamicModule } from '@nestjs/common';
import { SessionModule } from 'nestjs-sessions';
import { starlette } from 'nestjs-sessions/interop';
import { memoryStore } from 'nestjs-sessions/store';
import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import ts from 'typescript';
import { z } from 'zod';
import { DEFAULTS as MODULE_DEFAULTS } from '../../lib/options/defaults.js';
import { DEFAULTS as STORE_DEFAULTS } from '../../lib/options/store-options.js';
import { blocksOf, readPage, sectionsOf } from '../support/documents.js';
import { OTHER_SECRET, SECRET } from '../support/secrets.js';

const PAGE = 'docs/options.md';
const SECTIONS = sectionsOf(readPage(PAGE), 3);

/** The interfaces whose properties are options, and where they stand. */
const TYPES = [
  // First, as `store` is an option of both: that of the module counts.
  ['lib/options/store-options.ts', 'SessionStoreOptions'],
  ['lib/options/session.options.ts', 'SessionModuleOptions'],
  ['lib/options/session.events.ts', 'SessionEventHooks'],
  ['lib/module/session.module-definition.ts', 'SessionModuleExtras'],
] as const;
const DEFAULTS: object = { ...MODULE_DEFAULTS, ...STORE_DEFAULTS };
const OPTIONS = new Map(TYPES.flatMap(([file, name]) => propertiesOf(file, name)));

/** What the examples use and do not show. */
const SCOPE = {
  SessionModule,
  starlette,
  memoryStore,
  z,
  devalue: JSON,
  ConfigService: class {},
  counter: { add: () => undefined },
  secretKey: SECRET,
  newSecret: SECRET,
  oldSecret: OTHER_SECRET,
  adminSecret: OTHER_SECRET,
  starletteSecret: OTHER_SECRET,
};

describe('docs/options.md', () => {
  it('has a heading for each option, and for nothing else', () => {
    expect([...SECTIONS.keys()].toSorted()).toEqual([...OPTIONS.keys()].toSorted());
    expect(OPTIONS.size).toBeGreaterThan(20);
  });

  it('links each of them at its top', () => {
    const [top = ''] = readPage(PAGE).split(/^## /m);
    for (const name of OPTIONS.keys()) expect(top).toContain(`[${name}](#${name.toLowerCase()})`);
  });

  it.each([...OPTIONS.keys()])('says of %s its type, its default, its trap, and shows it', (name) => {
    const section = SECTIONS.get(name) ?? '';
    for (const item of ['Type', 'Default', 'Trap']) {
      expect(section.match(new RegExp(`^- \\*\\*${item}:\\*\\*\\s+\\S`, 'gm'))).toHaveLength(1);
    }
    const [example = ''] = blocksOf(section, 'ts');
    expect(example).toMatch(new RegExp(`\\b${name}\\b`));
  });

  it.each([...OPTIONS])('says the true default of %s', (name, documented) => {
    const [, stated = ''] = /^- \*\*Default:\*\* (.*)$/m.exec(SECTIONS.get(name) ?? '') ?? [];
    if (name === 'isGlobal') expect(SessionModule.forRoot(SECRET).global).toBe(evaluate(code(stated)));
    else if (Object.hasOwn(DEFAULTS, name)) expect(evaluate(code(stated))).toEqual(Reflect.get(DEFAULTS, name));
    else expect(stated).toMatch(name === 'secretKey' ? /^required$/ : /^none\b/);
    // The comment that an editor shows says the same.
    if (stated.startsWith('`')) expect(documented).toMatch(startingWith(code(stated)));
  });
});

describe('The examples of docs/options.md', () => {
  const examples = blocksOf(readPage(PAGE), 'ts');

  it.each(examples.map((example) => [example]))('are taken by the module: %s', (example) => {
    const modules: DynamicModule[] = [];
    const scope = {
      ...SCOPE,
      SessionModule: {
        forRoot: (...options: [string]) => modules.push(SessionModule.forRoot(...options)),
        forRootAsync: (options: object) => modules.push(SessionModule.forRootAsync(options)),
      },
    };
    run(example, scope);
    expect(modules.length).toBeGreaterThan(0);
    for (const { providers = [] } of modules) expect(providers.length).toBeGreaterThan(0);
  });

  it('are noticed where the module refuses them', () => {
    expect(() => run('SessionModule.forRoot({ secretKey, maxAge: 1.5 });', SCOPE)).toThrow(/"maxAge"/);
  });
});

/** The names of an interface's properties, with the text of `@default` in their comments. */
function propertiesOf(file: string, name: string): [option: string, documentedDefault: string][] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found = source.statements.find((each) => ts.isInterfaceDeclaration(each) && each.name.text === name);
  if (found === undefined) throw new Error(`There is no interface ${name} in ${file}.`);
  return (found as ts.InterfaceDeclaration).members.filter(ts.isPropertySignature).map((member) => {
    const tag = ts.getJSDocTags(member).find(({ tagName }) => tagName.text === 'default');
    return [member.name.getText(source), ts.getTextOfJSDocComment(tag?.comment) ?? ''];
  });
}

function run(example: string, scope: object): void {
  const { outputText } = ts.transpileModule(example, { compilerOptions: { target: ts.ScriptTarget.ES2023 } });
  compileFunction(outputText, Object.keys(scope))(...(Object.values(scope) as unknown[]));
}

function evaluate(text: string): unknown {
  return compileFunction(`return (${text});`)() as unknown;
}

/** The first code of a line. */
function code(line: string): string {
  return /`([^`]*)`/.exec(line)?.[1] ?? 'undefined';
}

function startingWith(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[[\]()]/g, '\\$&')}`);
}
