import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-local';
import { type User, Users } from './users.js';

@Injectable()
export class LocalStrategy extends PassportStrategy(Strategy) {
  constructor(private readonly users: Users) {
    super();
  }

  /** From a form anything may come, such as two names. */
  validate(name: unknown, password: unknown): User | false {
    if (typeof name !== 'string' || typeof password !== 'string') return false;
    return this.users.verify(name, password) ?? false;
  }
}
