/** Whether `value` has properties that can be asked for; for telling apart by shape what frameworks hand over. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
