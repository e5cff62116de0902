import { fakeSession } from 'nestjs-sessions/testing';
import { Visitor, VisitsController } from './visits.controller.js';

describe('VisitsController', () => {
  it('counts visits', () => {
    const session = fakeSession<Visitor>({ visits: 1 });
    expect(new VisitsController().visit(session)).toBe('Visit 2');
    expect(session.data).toEqual({ visits: 2 });
  });
});
