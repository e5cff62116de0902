/** The rejections that were left unhandled while `run` was running: each of them would end the process. */
export async function unhandledDuring(run: () => Promise<unknown>): Promise<unknown[]> {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', listen);
  try {
    await run();
  } finally {
    process.off('unhandledRejection', listen);
  }
  return unhandled;
}
