// Nest without sessions: what the others are compared with.
import { type ApplicationFactory, controllerOf } from './application.js';

const nothing = { get: () => 'Ada', set: () => undefined };

export const application: ApplicationFactory = (order) => ({
  controllers: [controllerOf(order, () => undefined, nothing)],
});
