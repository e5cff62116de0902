// Nest without sessions: what the others are compared with.
import { type ApplicationFactory, controllerOf } from './application.js';

const nothing = { begin: () => undefined, read: () => ({ hello: 'Ada' }), write: () => ({ hello: 'Ada' }) };

export const application: ApplicationFactory = (order) => ({
  controllers: [controllerOf(order, () => undefined, nothing)],
});
