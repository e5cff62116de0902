import { Injectable } from '@nestjs/common';
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

export interface User {
  readonly name: string;
}

/** Stands for a database. Of a password only its scrypt hash is kept. */
@Injectable()
export class Users {
  readonly #salt = randomBytes(16);
  readonly #hashes = new Map([['ada', this.#hash('lovelace')]]);

  find(name: string): User | undefined {
    return this.#hashes.has(name) ? { name } : undefined;
  }

  /** Takes as long for a name that there is not, so that nobody learns which there are. */
  verify(name: string, password: string): User | undefined {
    const given = this.#hash(password);
    const isRight = timingSafeEqual(given, this.#hashes.get(name) ?? randomBytes(given.length));
    return isRight ? this.find(name) : undefined;
  }

  #hash(password: string): Buffer {
    return scryptSync(password, this.#salt, 32);
  }
}
