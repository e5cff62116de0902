// What a signed session costs whoever writes it by hand: no check but that of authenticity, no other cookie in the way, no
// look at what has changed. It sends what ours sends.
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { handWritten } from '../codecs.js';
import { type ApplicationFactory, controllerOf, MAX_AGE, type Visitor } from './application.js';

interface HandWrittenSession {
  readonly data: Visitor;
  readonly response: { header(name: string, value: string): void };
}

const HandWritten = createParamDecorator((_: unknown, context: ExecutionContext): HandWrittenSession => {
  const http = context.switchToHttp();
  const response = http.getResponse<HandWrittenSession['response']>();
  response.header('Vary', 'Cookie');
  const { cookie = '' } = http.getRequest<{ headers: { cookie?: string } }>().headers;
  const data = cookie.startsWith('session=') ? handWritten.decode(cookie.slice('session='.length)) : {};
  return { data: data as unknown as Visitor, response };
});

function save({ data, response }: HandWrittenSession): void {
  const token = handWritten.encode(data);
  response.header('Set-Cookie', `session=${token}; Max-Age=${MAX_AGE}; Path=/; HttpOnly; SameSite=Lax`);
  response.header('Cache-Control', 'private, no-store');
}

export const application: ApplicationFactory = (order) => ({
  controllers: [
    controllerOf<HandWrittenSession>(order, HandWritten(), {
      get: ({ data }, key) => data[key],
      set: ({ data }, key, value) => void (data[key] = value),
      save,
    }),
  ],
});
