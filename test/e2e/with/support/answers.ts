import { Controller, Get, Head, Header, HttpCode, Query, Redirect, Res, Sse, StreamableFile } from '@nestjs/common';
import { from, type Observable } from 'rxjs';
import { Readable } from 'node:stream';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Session } from 'nestjs-sessions';
import type { Reply } from '../../../support/client.js';
import { type AnyResponse, rawResponse } from '../../../support/routes.js';
import { claimsOf } from '../../../support/tokens.js';

/** A page that is long enough to be compressed. */
export const PAGE = `<!DOCTYPE html><html><body>${'<p>text</p>'.repeat(200)}</body></html>`;

const THEIRS = ['Set-Cookie', 'theirs=1'] as const;

/** The ways to answer. Each handler reads the session, writes it when the query says so, and sets a cookie of its own. */
@Controller()
export class AnsweringController {
  @Get('text')
  @Header(...THEIRS)
  text(@Session() session: Session, @Query('write') write?: string): string {
    return use(session, write);
  }

  @Get('json')
  @Header(...THEIRS)
  json(@Session() session: Session, @Query('write') write?: string): object {
    return { text: use(session, write) };
  }

  @Get('page')
  @Header(...THEIRS)
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(@Session() session: Session, @Query('write') write?: string): string {
    use(session, write);
    return PAGE;
  }

  @Get('redirect')
  @Header(...THEIRS)
  @Redirect('/text', 302)
  redirect(@Session() session: Session, @Query('write') write?: string): void {
    use(session, write);
  }

  @Get('file')
  @Header(...THEIRS)
  file(@Session() session: Session, @Query('write') write?: string): StreamableFile {
    return new StreamableFile(Readable.from([use(session, write)]), { type: 'text/plain' });
  }

  @Sse('sse')
  @Header(...THEIRS)
  sse(@Session() session: Session, @Query('write') write?: string): Observable<{ data: string }> {
    return from([{ data: use(session, write) }]);
  }

  @Get('not-modified')
  @Header(...THEIRS)
  @HttpCode(304)
  notModified(@Session() session: Session, @Query('write') write?: string): void {
    use(session, write);
  }

  @Head('head')
  @Header(...THEIRS)
  @Header('Content-Type', 'text/plain; charset=utf-8')
  head(@Session() session: Session, @Query('write') write?: string): void {
    use(session, write);
  }

  @Get('end')
  end(@Session() session: Session, @Res() response: AnyResponse, @Query('write') write?: string): void {
    const raw = rawResponse(response);
    raw.setHeader(...THEIRS);
    raw.setHeader('Content-Type', 'text/plain');
    raw.end(use(session, write));
  }

  @Get('write-head')
  writeHead(@Session() session: Session, @Res() response: AnyResponse, @Query('write') write?: string): void {
    const text = use(session, write);
    const [name, value] = THEIRS;
    const headers = { 'Content-Type': 'text/plain', 'Content-Length': text.length, [name]: value };
    rawResponse(response).writeHead(200, headers).end(text);
  }

  @Get('write-head-reason')
  writeHeadReason(@Session() session: Session, @Res() response: AnyResponse, @Query('write') write?: string): void {
    const text = use(session, write);
    rawResponse(response)
      .writeHead(200, 'Fine', { 'content-type': 'text/plain', 'set-cookie': [THEIRS[1]] })
      .end(text);
  }

  @Get('fails')
  @Header(...THEIRS)
  fails(@Session() session: Session, @Query('write') write?: string): never {
    use(session, write);
    throw new Error('failed');
  }
}

function use(session: Session, write: string | undefined): string {
  const text = `n=${session.get('n')}`;
  if (write !== undefined) session.set('n', Number(session.get('n')) + 1);
  return text;
}

/** What an answer is, whoever wraps the response. */
export interface Answer {
  readonly path: string;
  readonly method?: string;
  readonly status: number;
  readonly text: string;
  /** The beginning of the Content-Type; `undefined` where there is none. */
  readonly type?: string;
}

/** The answers to a visitor whose session has n=1. */
export const ANSWERS: readonly Answer[] = [
  { path: '/text', status: 200, text: 'n=1', type: 'text/' },
  { path: '/text', method: 'HEAD', status: 200, text: '', type: 'text/' },
  { path: '/json', status: 200, text: '{"text":"n=1"}', type: 'application/json' },
  { path: '/page', status: 200, text: PAGE, type: 'text/html' },
  { path: '/redirect', status: 302, text: '' },
  { path: '/file', status: 200, text: 'n=1', type: 'text/plain' },
  { path: '/sse', status: 200, text: '\nid: 1\ndata: n=1\n\n', type: 'text/event-stream' },
  { path: '/not-modified', status: 304, text: '' },
  { path: '/head', method: 'HEAD', status: 200, text: '', type: 'text/plain' },
  { path: '/end', status: 200, text: 'n=1', type: 'text/plain' },
  { path: '/write-head', status: 200, text: 'n=1', type: 'text/plain' },
  { path: '/write-head-reason', status: 200, text: 'n=1', type: 'text/plain' },
  {
    path: '/fails',
    status: 500,
    text: '{"statusCode":500,"message":"Internal server error"}',
    type: 'application/json',
  },
];

/** What must be right about the headers of an answer, as one value to compare. */
export interface HeaderSummary {
  /** How often Vary names the cookie. */
  readonly variesByCookie: number;
  /** The data in each Set-Cookie of ours. */
  readonly ours: readonly unknown[];
  /** The Set-Cookie lines of others. */
  readonly others: readonly string[];
  /** Names that no header has, such as those of the indices of a list or the letters of a name. */
  readonly odd: readonly string[];
  /** Names that come several times and must not. */
  readonly twice: readonly string[];
}

export function summaryOf(reply: Reply, cookieName = 'session'): HeaderSummary {
  const names = reply.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  const isOurs = (line: string) => line.startsWith(`${cookieName}=`);
  return {
    variesByCookie: tokensOf(reply.headers.vary).filter((token) => token === 'cookie').length,
    ours: reply.setCookie.filter(isOurs).map((line) => dataOf(line)),
    others: reply.setCookie.filter((line) => !isOurs(line)),
    odd: names.filter((name) => name.length < 3 || name.includes(',')),
    twice: names.filter((name, index) => name !== 'set-cookie' && names.indexOf(name) !== index),
  };
}

/** The text of a reply, which may be compressed. */
export function plainText({ body, headers }: Reply): string {
  const encoding = headers['content-encoding'];
  if (body.length === 0 || encoding === undefined || encoding === 'identity') return body.toString('utf8');
  return (encoding === 'br' ? brotliDecompressSync(body) : gunzipSync(body)).toString('utf8');
}

function dataOf(line: string): unknown {
  const value = line.slice(line.indexOf('=') + 1, line.indexOf(';'));
  return value === '' ? 'deleted' : claimsOf(value, line.slice(0, line.indexOf('='))).data;
}

function tokensOf(value: string | undefined): string[] {
  return (value ?? '').split(',').map((token) => token.trim().toLowerCase());
}
