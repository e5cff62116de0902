// This package, of any checkout.
import { Controller, Get, Inject } from '@nestjs/common';
import type * as Package from '../../dist/index.js';
import { type ApplicationFactory, byMethod, controllerOf, SECRET, type Visitor } from './application.js';
import { ownStore } from './stores.js';

export const application: ApplicationFactory = async (order) => {
  const { Session, SessionModule, SessionService } = (await import(`${order.dist}index.js`)) as typeof Package;

  @Controller()
  class InjectedController {
    constructor(@Inject(SessionService) private readonly session: Package.SessionService<Visitor>) {}

    @Get('injected')
    page() {
      return { hello: this.session.get('name') };
    }
  }

  return {
    imports: [SessionModule.forRoot(SECRET, { ...order.options, ...(await ownStore(order)) })],
    controllers: [controllerOf(order, Session(), byMethod), InjectedController],
  };
};
