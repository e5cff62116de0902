import { isPlainObject } from './session-data.js';

/** Tags of objects whose content is in their enumerable properties, or which JSON unboxes. */
const OPEN_TAGS: ReadonlySet<string> = new Set(['Object', 'Array', 'Number', 'String', 'Boolean']);
/** Tags of objects whose content is elsewhere, whatever properties they have besides: a library adds `code` to an Error. */
const CLOSED_TAG =
  /^(?:(?:Weak)?(?:Map|Set)|RegExp|Promise|Error|DataView|(?:Shared)?ArrayBuffer|(?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array)$/;

/**
 * The type of an object that `JSON.stringify` would turn into `{}` or into a list of bytes without a word; `undefined` for
 * arrays, plain objects and instances of classes, whose fields are written.
 */
export function foreignType(value: object): string | undefined {
  if (Array.isArray(value) || isPlainObject(value)) return undefined;
  const tag = tagOf(value);
  if (OPEN_TAGS.has(tag)) return undefined;
  // A tag that the application has given to a class of its own says nothing.
  return CLOSED_TAG.test(tag) || Object.keys(value).length === 0 ? tag : undefined;
}

/** `Map` for a Map of any realm, where `instanceof` fails. */
function tagOf(value: object): string {
  try {
    return Object.prototype.toString.call(value).slice('[object '.length, -1);
  } catch {
    return 'Object';
  }
}
