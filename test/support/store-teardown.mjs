/** After all suites that were run with `STORE=redis`. */
export default async function stop() {
  await globalThis.suiteRedis?.stop();
}
