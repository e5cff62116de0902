import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';
import { KeyRing } from '../../lib/crypto/key-ring.js';
import { SignedCodec } from '../../lib/codec/signed.codec.js';
import { SECRET } from '../support/app.js';
import { Client, type Reply } from '../support/client.js';
import { blocksOf, readPage } from '../support/documents.js';

const root = new URL('../../', import.meta.url);
/** An application of its own, so that the program of the README runs as it stands; git ignores it. */
const home = new URL('build/readme/', root);

/** What the recipes use and do not show. */
const PRELUDE = `
import { Body, type CallHandler, type CanActivate, Controller, type ExecutionContext, Module } from '@nestjs/common';
import { type INestApplication, Injectable, Post, UnauthorizedException, UseGuards } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { Public, Session, SessionGuard, SessionInterceptor, SessionManager, SessionModule } from 'nestjs-sessions';
import type { Observable } from 'rxjs';

interface Visitor { user: string; cart: string[] }
interface Credentials { user: string; password: string; remember: boolean }
declare function isValid(body: Credentials): boolean;
declare class AppModule {}
declare class Users { sessionsValidFrom(user: string): Promise<Date> }
declare const app: INestApplication;
declare const secretKey: string;
declare const DAY: number;
declare const adminSecret: string;
`;

describe('the README', () => {
  const page = readPage('README.md');
  const [program = '', ...recipes] = blocksOf(page, 'ts');
  const shown =
    blocksOf(page, '')
      .find((block) => block.startsWith('Set-Cookie: '))
      ?.split('\n') ?? [];
  let child: ChildProcess;
  let client: Client;
  let first: Reply;

  beforeAll(async () => {
    const samples = [
      ...recipes,
      ...blocksOf(readPage('docs/usage.md'), 'ts'),
      ...blocksOf(readPage('docs/security.md'), 'ts'),
    ].map((recipe) => PRELUDE + recipe);
    compile([`${program}\nprocess.send?.(app.getHttpServer().address().port);\n`, ...samples]);
    child = fork(new URL('out/build/readme/src/0.js', home), {
      env: { ...process.env, SESSION_SECRET: SECRET, PORT: '0' },
      execArgv: [],
      silent: true,
    });
    client = new Client(`http://127.0.0.1:${await portOf(child)}`);
    first = await client.get('/');
  }, 120_000);

  afterAll(async () => {
    if (child?.kill()) await once(child, 'exit');
  });

  it('has a complete program that compiles, as do its recipes, and runs', async () => {
    expect(first.text).toBe('Visit 1');
    expect((await client.get('/')).text).toBe('Visit 2');
  });

  it('shows the headers that the program answers with', () => {
    const given = [
      `Set-Cookie: ${first.setCookie.join()}`,
      `Vary: ${first.headers.vary}`,
      `Cache-Control: ${first.headers['cache-control']}`,
    ];
    expect(shown.map(withoutToken)).toEqual(given.map(withoutToken));
    expect(first.setCookie).toHaveLength(1);
  });

  it('shows a real token, with the header and the claims of the one that is sent', () => {
    const codec = new SignedCodec(new KeyRing([Buffer.from(SECRET)], 'HS256', 'session'));
    const [theirs, ours] = [shown[0] ?? '', first.setCookie[0] ?? ''].map(tokenOf);
    expect(theirs?.split('.')[0]).toBe(ours?.split('.')[0]);
    for (const token of [theirs, ours]) {
      expect(codec.unseal(token ?? '')).toEqual({
        ok: true,
        claims: { jti: expect.stringMatching(/^[\w-]{22}$/), iat: expect.any(Number), exp: expect.any(Number) },
        data: { visits: 1 },
        stale: false,
      });
    }
  });

  it('says how the tests are run', () => {
    expect(page).toContain('The tests are run by `npm cit`.');
  });
});

describe('the table of what JSON changes in docs/usage.md', () => {
  const table = /^## What JSON changes$([^]*?)^## /m.exec(readPage('docs/usage.md'))?.[1] ?? '';
  const rows = [...table.matchAll(/^\| (`.*?) *\| (.*?) *\|$/gm)];

  it('has a row for each trap', () => {
    expect(rows.length).toBeGreaterThan(10);
  });

  it.each(rows.map(([, stored = '', back = '']) => [stored, back]))('says that %s comes back as %s', (stored, back) => {
    for (const code of inline(stored)) {
      const given = evaluate(code);
      const parsed: unknown = JSON.parse(JSON.stringify({ value: given, list: [given] }));
      const [whole = '', inList = whole] = inline(back);
      if (back.startsWith('no key')) expect(parsed).toEqual({ list: [evaluate(whole)] });
      else expect(parsed).toEqual({ value: evaluate(whole), list: [evaluate(inList)] });
    }
  });
});

/** The code in a cell: one value, or several. */
function inline(cell: string): string[] {
  return [...cell.matchAll(/`([^`]*)`/g)].map(([, code = '']) => code);
}

function evaluate(code: string): unknown {
  return runInThisContext(`(${code})`);
}

/** Checks and compiles the modules, and lib/ beside them as the package that they import. */
function compile(modules: readonly string[]): void {
  rmSync(home, { recursive: true, force: true });
  write('package.json', JSON.stringify({ name: 'readme', private: true, type: 'module' }));
  write('node_modules/nestjs-sessions/package.json', JSON.stringify({ type: 'module', exports: './index.js' }));
  write('node_modules/nestjs-sessions/index.js', "export * from '../../out/lib/index.js';\n");
  for (const [index, text] of modules.entries()) write(`src/${index}.ts`, text);
  const compilerOptions = {
    noEmit: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    rootDir: '../..',
    outDir: 'out',
    paths: { 'nestjs-sessions': ['../../lib/index.ts'] },
  };
  write('tsconfig.json', JSON.stringify({ extends: '../../tsconfig.json', compilerOptions, include: ['src'] }));
  const tsc = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root));
  try {
    execFileSync(process.execPath, [tsc, '-p', fileURLToPath(home)], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    throw new Error(`The README does not compile:\n${(error as { stdout?: string }).stdout}`, { cause: error });
  }
}

/** The port that the program reports; an error with what it printed where it ends before. */
function portOf(child: ChildProcess): Promise<number> {
  let printed = '';
  child.stdout?.on('data', (text: Buffer) => (printed += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (printed += text.toString()));
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('close', () => reject(new Error(`The program of the README ended:\n${printed}`)));
  });
}

function write(path: string, text: string): void {
  const file = new URL(path, home);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, text);
}

function tokenOf(line: string): string {
  return /session=([^;]*)/.exec(line)?.[1] ?? '';
}

/** Tokens differ by id and time. */
function withoutToken(line: string): string {
  return line.replace(/[\w-]+\.[\w-]+\.[\w-]{43}/, '<token>');
}
