import { Controller, Get, Module, type Type } from '@nestjs/common';
import { Session, SessionModule, SessionService } from '../../../dist/index.js';
import type { Visitor } from '../codec/session.js';
import { PlainController } from './baselines.js';
import { PLATFORMS } from './platform.js';
import type { Page, Setting, Variant } from './variant.js';

/** The controllers of a module, made for a visitor. */
type Controllers = (visitor: Visitor) => Type[];

/** The controller of `GET /login`, which begins the visitor's session. */
export function login(visitor: Visitor): Type {
  @Controller()
  class LoginController {
    @Get('login')
    login(@Session() session: Session<Visitor>): void {
      session.update(visitor);
    }
  }
  return LoginController;
}

@Controller()
class ReadController {
  @Get()
  page(@Session() session: Session<Visitor>): Page {
    return { hello: session.get('name') ?? '' };
  }
}

@Controller()
class WrittenController {
  @Get()
  page(@Session() session: Session<Visitor>): Page {
    session.set('visits', (session.get('visits') ?? 0) + 1);
    return { hello: session.get('name') ?? '' };
  }
}

@Controller()
class InjectedController {
  constructor(private readonly session: SessionService<Visitor>) {}

  @Get()
  page(): Page {
    return { hello: this.session.get('name') ?? '' };
  }
}

@Controller()
class InjectedUntouchedController {
  constructor(readonly session: SessionService<Visitor>) {}

  @Get()
  page(): Page {
    return { hello: 'Ada' };
  }
}

function variant(name: string, controllers: Controllers, options: { encrypt?: boolean } = {}): Variant {
  return {
    name,
    platforms: PLATFORMS,
    module({ visitor, secrets }: Setting) {
      @Module({ imports: [SessionModule.forRoot([...secrets], options)], controllers: controllers(visitor) })
      class OursModule {}
      return OursModule;
    },
  };
}

/** Applications with this package. */
export const ours: readonly Variant[] = [
  variant('nestjs-sessions, untouched', (visitor) => [PlainController, login(visitor)]),
  variant('nestjs-sessions, read', (visitor) => [ReadController, login(visitor)]),
  variant('nestjs-sessions, written', (visitor) => [WrittenController, login(visitor)]),
  variant('nestjs-sessions, encrypted, read', (visitor) => [ReadController, login(visitor)], { encrypt: true }),
  variant('nestjs-sessions, encrypted, written', (visitor) => [WrittenController, login(visitor)], { encrypt: true }),
  variant('nestjs-sessions, injected, untouched', (visitor) => [InjectedUntouchedController, login(visitor)]),
  variant('nestjs-sessions, injected, read', (visitor) => [InjectedController, login(visitor)]),
];
