const CODEC = 'sessions in the cookie of another framework: codec excludes a store';
const KIT =
  'sessionCookie() and readSession() are for cookies that hold their data: e2e/testing/test-kit-store.spec.ts';
const SIZE = 'how much a cookie holds; with a store it holds no data';
const PROCESS = 'the application is a program of its own, which this suite gives no store';

/**
 * What of test/e2e is not run with sessions in a store: tests that require something of cookies only, and none beside these.
 *
 * @type {readonly { path: string, test?: string, reason: string }[]} `path`: a file of test/e2e, or a folder. `test`: a part of
 * the full names of its tests, as it stands in the file and in no other; without it, the whole file
 */
export const STORE_EXCEPTIONS = [
  { path: 'store', reason: 'these tests have stores of their own' },
  {
    path: 'contexts/current-session.spec.ts',
    test: 'costs nothing without the option: no request is tracked',
    reason: 'a store needs to hear of each request, so the server is not left alone',
  },
  { path: 'contexts/graphql-errors.spec.ts', test: 'answers one that is too large likewise', reason: SIZE },
  {
    path: 'contexts/websocket-handshake.spec.ts',
    test: 'is for reading, opened by socket.handshake',
    reason: 'docs/store.md: by the socket or its request only',
  },
  { path: 'cookie/as-asgi-sessions.spec.ts', reason: CODEC },
  { path: 'cookie/cookie-size.spec.ts', reason: SIZE },
  { path: 'cookie/foreign-formats.spec.ts', test: 'A foreign format as the codec', reason: CODEC },
  { path: 'cookie/large-sessions.spec.ts', reason: SIZE },
  { path: 'cookie/what-is-kept-back.spec.ts', test: 'is kept back where it does not fit', reason: SIZE },
  { path: 'cookie/what-is-kept-back.spec.ts', test: 'is kept back for a codec too', reason: CODEC },
  { path: 'lifetime/foreign.spec.ts', test: 'is renewed by rolling, as the codec', reason: CODEC },
  { path: 'login/csrf.spec.ts', test: 'accepts the token of a session that the test kit has made', reason: KIT },
  {
    path: 'login/csrf.spec.ts',
    test: 'works in the cookie of another framework, which has no stable id',
    reason: CODEC,
  },
  { path: 'login/defined-session.spec.ts', test: 'has its type in the test kit', reason: KIT },
  { path: 'login/session-guard.spec.ts', test: 'for which its test kit makes cookies', reason: KIT },
  { path: 'module/header-budget.spec.ts', reason: SIZE },
  {
    path: 'responses/failing-write-head.spec.ts',
    test: 'a wrapper that throws',
    reason: 'it is called when the response is let go: then nothing of the application can answer any more',
  },
  {
    path: 'responses/failing-write-head.spec.ts',
    test: 'have left all the same where writeHead() fails a second time',
    reason: 'while the response is held back, the second call is not made',
  },
  { path: 'responses/fastify-inject.spec.ts', reason: PROCESS },
  { path: 'responses/inject-set-cookie.spec.ts', reason: PROCESS },
  {
    path: 'responses/parallel.spec.ts',
    test: 'of one visitor do not disturb each other, and the last answer wins',
    reason: 'with a store the last save wins: e2e/store/semantics.spec.ts',
  },
  { path: 'responses/throwing-logger.spec.ts', reason: PROCESS },
  { path: 'responses/two-processes.spec.ts', reason: PROCESS },
  {
    path: 'responses/unsaved.spec.ts',
    test: 'reaches the exception filters when it is too large, naming size, limit and largest keys',
    reason: SIZE,
  },
  {
    path: 'responses/write-head-forms.spec.ts',
    test: 'Node has set those of the call when it refuses the reason',
    reason: 'the call is tried out before, on a response that is not sent: it leaves nothing behind',
  },
  {
    path: 'responses/write-head-forms-http2.spec.ts',
    test: 'Node refuses the call',
    reason:
      'on HTTP/2 no call can be tried out before: it is refused when the response is let go, which makes it a 500',
  },
  { path: 'testing/test-kit.spec.ts', reason: KIT },
  {
    path: 'with/around-the-cookie.spec.ts',
    test: 'logs nobody out whose session has changed; destroy() does',
    reason: 'a change sends no cookie of ours, which would undo clearCookie()',
  },
  { path: 'with/lambda.spec.ts', reason: PROCESS },
  { path: 'with/nest-packages-apart.spec.ts', reason: PROCESS },
  {
    path: 'with/passport-logout.spec.ts',
    test: 'ends no copy of the cookie: without a store there is nothing that could',
    reason: 'a store ends each copy',
  },
];

/** The settings of Jest that leave these out. */
export function withoutExceptions() {
  const paths = STORE_EXCEPTIONS.flatMap(({ path, test }) =>
    test === undefined ? [`/test/e2e/${escaped(path)}(?:/|$)`] : [],
  );
  const names = STORE_EXCEPTIONS.flatMap(({ test }) => (test === undefined ? [] : [escaped(test)]));
  return {
    testPathIgnorePatterns: ['/node_modules/', ...paths],
    testNamePattern: `^(?!.*(?:${names.join('|')}))`,
  };
}

function escaped(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
