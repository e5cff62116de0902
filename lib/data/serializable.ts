import { SessionError } from '../session.errors.js';
import { foreignType } from './foreign-type.js';
import { quote } from './quote.js';
import type { SessionRecord } from './session-data.js';

/** How deep objects and arrays may be nested in a session. `JSON.stringify` overflows the stack at some thousand. */
export const MAX_DEPTH = 100;

/** The most characters of JSON that are looked at: far more than all cookies of a session can carry. */
export const MAX_LENGTH = 1_048_576;

/** What stands against writing data as JSON. */
export type Obstacle =
  | { readonly kind: 'too-long' }
  /** `why` completes the sentence *cannot be written as JSON, …* */
  | { readonly kind: 'value'; readonly path: readonly (string | number)[]; readonly why: string };

/**
 * Looks for values that JSON cannot carry, because `JSON.stringify` drops functions and symbols without a word, and for data
 * that is too long.
 *
 * @param maxLength in characters of JSON. Longer data is found before it is encoded; shorter data may still be too long,
 * as escapes and bytes beyond ASCII are not counted.
 */
export function findObstacle(data: SessionRecord, maxLength: number): Obstacle | undefined {
  return new JsonWalk(maxLength).parts(data);
}

/** About how many characters a key and its value take as JSON; counts no further than a little beyond `maxLength`. */
export function jsonLength(data: SessionRecord, key: string, maxLength: number): number {
  const walk = new JsonWalk(maxLength);
  walk.part(data, key);
  return key.length + walk.length;
}

/** @param why completes the sentence, such as `cannot be written as JSON, it is a BigInt` */
export function notSerializable(path: readonly (string | number)[], why: string): SessionError {
  return new SessionError(
    'ERR_SESSION_NOT_SERIALIZABLE',
    `Cannot save the session: ${path.length === 0 ? 'it' : quote(pathText(path))} ${why}. ` +
      'Store plain data: strings, finite numbers, booleans, null, arrays and objects of these.',
  );
}

/** From how many objects on lengths are remembered: only objects that share parts are worth it. */
const MANY = 1000;

class JsonWalk {
  readonly #maxLength: number;
  readonly #ancestors: object[] = [];
  #length = 0;
  #visits = 0;
  /** So that an object is visited once, however often it is referred to. */
  readonly #lengths = new Map<object, number>();

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  get length(): number {
    return this.#length;
  }

  parts(holder: object): Obstacle | undefined {
    if (this.#ancestors.length >= MAX_DEPTH) return obstacle(`it is nested deeper than ${MAX_DEPTH} levels`);
    this.#ancestors.push(holder);
    this.#length += 2;
    const found = Array.isArray(holder) ? this.#items(holder) : this.#entries(holder as Record<string, unknown>);
    this.#ancestors.pop();
    return found;
  }

  #items(list: readonly unknown[]): Obstacle | undefined {
    for (let index = 0; index < list.length; index++) {
      const found = this.part(list, index);
      if (found !== undefined) return at(index, found);
    }
    return undefined;
  }

  #entries(record: Record<string, unknown>): Obstacle | undefined {
    for (const key of Object.keys(record)) {
      this.#length += key.length;
      const found = key === '__proto__' ? obstacle('that key would replace the prototype') : this.part(record, key);
      if (found !== undefined) return at(key, found);
    }
    return undefined;
  }

  part(holder: object, key: string | number): Obstacle | undefined {
    let part: unknown;
    try {
      part = (holder as Record<string | number, unknown>)[key];
    } catch {
      return obstacle('its getter throws');
    }
    return this.#value(part, key) ?? (this.#length > this.#maxLength ? { kind: 'too-long' } : undefined);
  }

  #value(value: unknown, key: string | number): Obstacle | undefined {
    if (typeof value !== 'object' || value === null) return this.#primitive(value);
    if (!('toJSON' in value)) return this.#object(value);
    // A Date, for example: JSON.stringify takes what toJSON() returns, and does not ask that for its toJSON() again.
    let toJSON: unknown;
    try {
      ({ toJSON } = value);
    } catch {
      return obstacle('its getter throws');
    }
    if (typeof toJSON !== 'function') return this.#object(value);
    let json: unknown;
    try {
      json = toJSON.call(value, String(key));
    } catch {
      return obstacle('its toJSON() fails');
    }
    return typeof json === 'object' && json !== null ? this.#object(json) : this.#primitive(json);
  }

  #object(value: object): Obstacle | undefined {
    if (this.#ancestors.includes(value)) return obstacle('it contains itself');
    const type = foreignType(value);
    if (type !== undefined) return obstacle(`it is of type ${quote(type)}, which JSON does not know`);
    const known = this.#lengths.get(value);
    if (known !== undefined) {
      this.#length += known;
      return undefined;
    }
    const before = this.#length;
    const found = this.parts(value);
    if (++this.#visits > MANY) this.#lengths.set(value, this.#length - before);
    return found;
  }

  #primitive(value: unknown): Obstacle | undefined {
    switch (typeof value) {
      case 'string':
        this.#length += value.length + 2;
        return undefined;
      case 'bigint':
        return obstacle('it is a BigInt');
      case 'function':
      case 'symbol':
        return obstacle(`it is a ${typeof value}`);
      default:
        this.#length += 1;
        return undefined;
    }
  }
}

function obstacle(why: string): Obstacle {
  return { kind: 'value', path: [], why };
}

/** The path is only built where there is an obstacle, from the inside out. */
function at(key: string | number, found: Obstacle): Obstacle {
  return found.kind === 'too-long' ? found : { ...found, path: [key, ...found.path] };
}

/** A path for messages, such as `cart.items[2]`: to be quoted. */
export function pathText([first, ...rest]: readonly (string | number)[]): string {
  return rest.reduce<string>((path, key) => path + (typeof key === 'number' ? `[${key}]` : `.${key}`), String(first));
}
