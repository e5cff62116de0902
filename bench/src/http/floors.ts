import {
  Controller,
  createParamDecorator,
  type ExecutionContext,
  Get,
  Header,
  Inject,
  Injectable,
  Module,
  Scope,
  type Type,
} from '@nestjs/common';
import { APP_INTERCEPTOR, REQUEST } from '@nestjs/core';
import { MAX_AGE } from '../codec/contender.js';
import { signedFloor } from '../codec/floor.js';
import type { Visitor } from '../codec/session.js';
import { EmptyInterceptor } from './baselines.js';
import { PLATFORMS } from './platform.js';
import type { Page, Setting, Variant } from './variant.js';

// What a signed session costs whoever writes it by hand: it is given to handlers by a decorator and sends what ours
// sends. No check but that of authenticity, no other cookie in the way, no look at what has changed: it is told to save.

/** What responses of Express and of Fastify have in common. */
interface Response {
  header(name: string, value: string): void;
}

class HandMadeSession {
  readonly data: Visitor;
  readonly #response: Response;

  constructor(data: Visitor, response: Response) {
    this.data = data;
    this.#response = response;
  }

  save(): void {
    const token = signedFloor.encode({ ...this.data }) as string;
    this.#response.header('Set-Cookie', `session=${token}; Max-Age=${MAX_AGE}; Path=/; HttpOnly; SameSite=Lax`);
    this.#response.header('Cache-Control', 'private, no-store');
  }
}

/** What requests of Express and of Fastify have in common. */
interface Request {
  readonly headers: { readonly cookie?: string };
}

function dataOf({ headers: { cookie = '' } }: Request): Visitor {
  return (cookie.startsWith('session=') ? signedFloor.decode(cookie.slice('session='.length)) : {}) as Visitor;
}

const HandMade = createParamDecorator((_: unknown, context: ExecutionContext): HandMadeSession => {
  const http = context.switchToHttp();
  const response = http.getResponse<Response>();
  response.header('Vary', 'Cookie');
  return new HandMadeSession(dataOf(http.getRequest<Request>()), response);
});

@Injectable({ scope: Scope.REQUEST })
class InjectedData {
  constructor(@Inject(REQUEST) private readonly request: Request) {}

  read(): Visitor {
    return dataOf(this.request);
  }
}

/** The same without a session: what Nest takes for any decorator of a parameter. */
const Nothing = createParamDecorator((): undefined => undefined);

@Controller()
class NothingController {
  @Get()
  page(@Nothing() nothing: unknown): Page {
    return { hello: nothing === undefined ? 'Ada' : '' };
  }
}

@Controller()
class ReadController {
  @Get()
  page(@HandMade() { data }: HandMadeSession): Page {
    return { hello: data.name };
  }
}

@Controller()
class WrittenController {
  @Get()
  page(@HandMade() session: HandMadeSession): Page {
    session.data.visits += 1;
    session.save();
    return { hello: session.data.name };
  }
}

@Controller()
class InjectedController {
  constructor(private readonly session: InjectedData) {}

  @Get()
  @Header('Vary', 'Cookie')
  page(): Page {
    return { hello: this.session.read().name };
  }
}

@Controller()
class InjectedUntouchedController {
  constructor(readonly session: InjectedData) {}

  @Get()
  page(): Page {
    return { hello: 'Ada' };
  }
}

function floor(name: string, controller: Type): Variant {
  return {
    name,
    platforms: PLATFORMS,
    module({ visitor }: Setting) {
      @Controller()
      class LoginController {
        @Get('login')
        login(@HandMade() session: HandMadeSession): void {
          Object.assign(session.data, visitor);
          session.save();
        }
      }

      @Module({
        controllers: [controller, LoginController],
        providers: [InjectedData, { provide: APP_INTERCEPTOR, useClass: EmptyInterceptor }],
      })
      class FloorModule {}
      return FloorModule;
    },
  };
}

/** Applications whose sessions are written by hand. */
export const floors: readonly Variant[] = [
  floor('empty interceptor and decorator', NothingController),
  floor('floor, read', ReadController),
  floor('floor, written', WrittenController),
  floor('floor, injected, untouched', InjectedUntouchedController),
  floor('floor, injected, read', InjectedController),
];
