import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Reply } from '../../../support/client.js';

type Call = (writeHead: (...args: readonly unknown[]) => unknown) => unknown;

/** They do not differ from request to request: an application may well keep such objects and give them again. */
const HEADERS = { 'X-Own': 'yes', 'Set-Cookie': 'theirs=1', 'Cache-Control': 'public, max-age=600', Vary: 'Accept' };
const LIST = Object.entries(HEADERS).flat();
const PAIRS = Object.entries(HEADERS);
const OTHERS = { 'X-Other': 'yes' };
const BARE = Object.assign(Object.create(null) as object, HEADERS);
const FROZEN = Object.freeze({ ...HEADERS });
const INHERITING = Object.assign(Object.create({ 'x-inherited': 'yes' }) as object, HEADERS);

/** What the objects and lists above are made of, to see that nobody has changed them. */
export const given = (): string => JSON.stringify([HEADERS, LIST, PAIRS, OTHERS, BARE, FROZEN, INHERITING]);

/** The ways to call `writeHead`; whatever Node makes of each is right. */
export const FORMS: readonly (readonly [title: string, call: Call])[] = [
  ['status', (writeHead) => writeHead(203)],
  ['headers', (writeHead) => writeHead(203, HEADERS)],
  ['list', (writeHead) => writeHead(203, LIST)],
  ['reason', (writeHead) => writeHead(203, 'Own')],
  ['reason-headers', (writeHead) => writeHead(203, 'Own', HEADERS)],
  ['reason-list', (writeHead) => writeHead(203, 'Own', LIST)],
  ['empty-reason-headers', (writeHead) => writeHead(203, '', HEADERS)],
  ['undefined', (writeHead) => writeHead(203, undefined)],
  ['null', (writeHead) => writeHead(203, null)],
  ['undefined-undefined', (writeHead) => writeHead(203, undefined, undefined)],
  ['undefined-headers', (writeHead) => writeHead(203, undefined, HEADERS)],
  ['undefined-list', (writeHead) => writeHead(203, undefined, LIST)],
  ['null-headers', (writeHead) => writeHead(203, null, HEADERS)],
  ['null-list', (writeHead) => writeHead(203, null, LIST)],
  ['headers-undefined', (writeHead) => writeHead(203, HEADERS, undefined)],
  ['headers-headers', (writeHead) => writeHead(203, HEADERS, OTHERS)],
  ['reason-undefined', (writeHead) => writeHead(203, 'Own', undefined)],
  ['reason-null', (writeHead) => writeHead(203, 'Own', null)],
  ['number-headers', (writeHead) => writeHead(203, 0, HEADERS)],
  ['false-headers', (writeHead) => writeHead(203, false, HEADERS)],
  ['four', (writeHead) => writeHead(203, 'Own', HEADERS, OTHERS)],
  ['empty-headers', (writeHead) => writeHead(203, {})],
  ['empty-list', (writeHead) => writeHead(203, [])],
  ['without-prototype', (writeHead) => writeHead(203, BARE)],
  ['inheriting', (writeHead) => writeHead(203, INHERITING)],
  ['frozen', (writeHead) => writeHead(203, FROZEN)],
  ['web-headers', (writeHead) => writeHead(203, new Headers(HEADERS))],
  ['map', (writeHead) => writeHead(203, new Map(Object.entries(HEADERS)))],
  ['lower-case', (writeHead) => writeHead(203, { vary: 'Accept', 'set-cookie': ['a=1', 'b=2'] })],
  ['numbers', (writeHead) => writeHead(203, { 'X-Number': 5, 'Content-Length': 4 })],
  ['several-lines', (writeHead) => writeHead(203, { 'X-Own': ['one', 'two'], Vary: ['Accept', 'Origin'] })],
  ['empty-name', (writeHead) => writeHead(203, { '': 'dropped', 'X-Own': 'yes' })],
  ['not-modified', (writeHead) => writeHead(304, { ETag: '"1"' })],
  ['no-content', (writeHead) => writeHead(204, undefined, OTHERS)],
  // Node refuses these, and the handler answers otherwise.
  ['no-status', (writeHead) => writeHead(undefined, HEADERS)],
  ['wrong-status', (writeHead) => writeHead(1000, HEADERS)],
  ['undefined-value', (writeHead) => writeHead(203, { 'X-Bad': undefined })],
  ['line-break', (writeHead) => writeHead(203, { 'X-Bad': 'a\nb' })],
  ['bad-name', (writeHead) => writeHead(203, { 'X Bad': 'a' })],
  ['odd-list', (writeHead) => writeHead(203, ['X-Own'])],
  ['bad-reason', (writeHead) => writeHead(203, 'a\nb', HEADERS)],
];

/** Those that Node takes only where no header was set before. */
export const FRESH_FORMS: typeof FORMS = [
  ['pairs', (writeHead) => writeHead(203, PAIRS)],
  ['reason-pairs', (writeHead) => writeHead(203, 'Own', PAIRS)],
  ['undefined-pairs', (writeHead) => writeHead(203, undefined, PAIRS)],
  ['repeated-list', (writeHead) => writeHead(203, ['X-Own', 'one', 'X-Own', 'two'])],
];

/** Answers with one of the forms. What Node refuses is answered with the code of its error. */
export function answerWith(
  response: Pick<ServerResponse, 'end' | 'setHeader' | 'statusCode'>,
  form: string,
  isAfter: boolean,
): void {
  if (isAfter) {
    response.setHeader('X-Before', 'yes');
    response.setHeader('X-Own', 'overridden');
  }
  const [, call] = [...FORMS, ...FRESH_FORMS].find(([title]) => title === form) ?? unknownForm(form);
  const { writeHead } = response as unknown as { writeHead: (...args: readonly unknown[]) => unknown };
  const before = given();
  let text = 'text';
  try {
    call((...args) => writeHead.apply(response, [...args]));
  } catch (error) {
    text = String((error as { code?: unknown }).code);
    response.statusCode = 500;
    (response as { statusMessage?: string }).statusMessage = 'Refused';
  }
  response.end(given() === before ? text : 'The headers that were given have been changed.');
}

function unknownForm(form: string): never {
  throw new Error(`There is no form called ${form}.`);
}

/** Beside these, and the cookies, a response of ours has the headers of one of Node's. */
const UNINTERESTING = new Set(['date', 'connection', 'keep-alive', 'set-cookie']);

/** The header lines in alphabetical order. @param ours what we add to those of Node; Vary is merged */
export function headersOf(reply: Pick<Reply, 'rawHeaders'>, ours: OutgoingHttpHeaders = {}): string[] {
  const lines = new Map<string, string[]>();
  const add = (name: string, value: string) => lines.set(name, [...(lines.get(name) ?? []), value]);
  for (let at = 0; at < reply.rawHeaders.length; at += 2) {
    const [name = '', value = ''] = reply.rawHeaders.slice(at, at + 2);
    if (!UNINTERESTING.has(name.toLowerCase())) add(name.toLowerCase(), value);
  }
  for (const [name, value] of Object.entries(ours)) {
    const before = name === 'Vary' ? (lines.get('vary') ?? []) : [];
    lines.set(name.toLowerCase(), [[...before, String(value)].join(', ')]);
  }
  return [...lines].flatMap(([name, values]) => values.map((value) => `${name}: ${value}`)).toSorted();
}
