/** The time as sessions count it: a NumericDate in whole seconds. */
export function secondsNow(): number {
  return Math.floor(Date.now() / 1000);
}
