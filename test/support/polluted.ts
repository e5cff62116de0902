const PROTOTYPE = Object.getPrototypeOf({}) as object;

/** What `run` returns while every object seems to have these properties. */
export function polluted<T>(properties: Readonly<Record<string, unknown>>, run: () => T): T {
  try {
    for (const [name, value] of Object.entries(properties)) {
      Object.defineProperty(PROTOTYPE, name, { value, configurable: true, writable: true });
    }
    return run();
  } finally {
    for (const name of Object.keys(properties)) Reflect.deleteProperty(PROTOTYPE, name);
  }
}
