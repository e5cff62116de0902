// Nest without sessions: what the others are compared with.
import { type ApplicationFactory, controllerOf } from './application.js';

export const application: ApplicationFactory = (order) => ({
  controllers: [controllerOf(order, () => undefined, { get: () => 'Ada', set: () => undefined })],
});
