import { Injectable } from '@nestjs/common';
import { PassportSerializer } from '@nestjs/passport';
import { type User, Users } from './users.js';

/** The session holds the name; the user is looked up on each request. */
@Injectable()
export class UserSerializer extends PassportSerializer {
  constructor(private readonly users: Users) {
    super();
  }

  serializeUser(user: User, done: (error: null, name: string) => void): void {
    done(null, user.name);
  }

  deserializeUser(name: string, done: (error: null, user: User | false) => void): void {
    done(null, this.users.find(name) ?? false);
  }
}
