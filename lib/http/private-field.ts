/** Makes the fields of a derived class those of the object that it is given. */
// oxlint-disable-next-line typescript/no-extraneous-class -- it is there to be derived from
class Given {
  constructor(object: object) {
    // oxlint-disable-next-line eslint/no-constructor-return -- this is what the class is for
    return object;
  }
}

/** A place for a value with each of any objects, such as requests. */
export interface Slot<K extends object, V> {
  get(object: K): V | undefined;
  set(object: K, value: V): void;
}

/**
 * Does what a `WeakMap` does, for values that live as long as their object: nobody else can see the value, not even
 * `inspect`. It is a private field of the object and no entry in a table, because V8 clears such tables only when it
 * collects the whole heap: until then every request stays alive, which took more time than all else that a session needs.
 */
export function createSlot<K extends object, V>(): Slot<K, V> {
  class Slotted extends Given {
    #value: V | undefined;

    static get(object: object): V | undefined {
      return #value in object ? object.#value : undefined;
    }

    static set(object: object, value: V): void {
      const slotted = #value in object ? object : new Slotted(object);
      slotted.#value = value;
    }
  }
  return Slotted;
}
