const cycle: Record<string, unknown> = { name: 'cycle' };
cycle['self'] = { again: cycle };
const deep: unknown[] = [];
let innermost = deep;
for (let depth = 0; depth < 100; depth++) innermost.push((innermost = []));

/** Values that JSON cannot carry, where they are and what the message says. */
export const UNSERIALIZABLE: Readonly<Record<string, readonly [value: unknown, path: string, why: string]>> = {
  bigint: [10n, 'bad', 'it is a BigInt'],
  nested: [{ list: [1, { id: 10n }] }, 'bad.list[1].id', 'it is a BigInt'],
  cycle: [cycle, 'bad.self.again', 'it contains itself'],
  function: [() => 1, 'bad', 'it is a function'],
  symbol: [{ token: Symbol('s') }, 'bad.token', 'it is a symbol'],
  depth: [deep, `${`bad${'[0]'.repeat(99)}`.slice(0, 80)}…`, 'it is nested deeper than 100 levels'],
  proto: [JSON.parse('{"a":{"__proto__":{"admin":true}}}'), 'bad.a.__proto__', 'that key would replace the prototype'],
  toJson: [{ toJSON: () => 10n }, 'bad', 'it is a BigInt'],
  map: [{ seen: new Map([['a', 1]]) }, 'bad.seen', 'it is of type "Map", which JSON does not know'],
  bytes: [[Uint8Array.of(1)], 'bad[0]', 'it is of type "Uint8Array", which JSON does not know'],
  toJsonThrows: [{ toJSON: failing }, 'bad', 'its toJSON() fails'],
};

/** What the package says to one of them. */
export function refusal(name: string): string {
  const [, path = '', why = ''] = UNSERIALIZABLE[name] ?? [];
  return (
    `Cannot save the session: "${path}" cannot be written as JSON, ${why}. ` +
    'Store plain data: strings, finite numbers, booleans, null, arrays and objects of these.'
  );
}

function failing(): never {
  throw new Error('no JSON of this');
}
