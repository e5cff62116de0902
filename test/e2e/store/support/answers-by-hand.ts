import { rawResponse } from '../../../support/routes.js';

type Raw = ReturnType<typeof rawResponse>;

/**
 * Ways of answering by hand, by name. `wrapped`: other software has set `writeHead` meanwhile, and the headers pass what adds to
 * them before the response is held back.
 */
export const ANSWERS_BY_HAND: Readonly<Record<string, (raw: Raw) => unknown>> = {
  end: (raw) => raw.end('sent'),
  writeHead: (raw) => raw.writeHead(200).end('sent'),
  wrapped: (raw) => {
    const writeHead = raw.writeHead.bind(raw) as (...args: unknown[]) => Raw;
    raw.writeHead = (...args: unknown[]) => writeHead(...args);
    raw.writeHead(200);
    raw.end('sent');
  },
  pieces: (raw) => {
    raw.write('se');
    raw.end('nt');
  },
};
