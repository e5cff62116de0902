import { Session } from 'node:inspector/promises';

/** Self time by owner of the code, in microseconds. */
export type Profile = Readonly<Record<string, number>>;

/** Whose code a function is. */
function ownerOf({ url, functionName }: { readonly url: string; readonly functionName: string }): string {
  if (functionName === '(garbage collector)') return 'garbage collector';
  const inPackage = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (inPackage !== undefined) return inPackage.startsWith('@nestjs/') ? 'Nest' : inPackage;
  if (url.includes('/dist/')) return 'nestjs-sessions';
  if (url.includes('/bench/build/')) return 'the application and the benchmark';
  // The functions of V8 and of Node in C++ have no address: JSON.parse, hash, writing of headers.
  return url === '' ? 'V8 and Node, native' : 'Node';
}

/** Where the time goes while `run` runs. */
export async function profile(run: () => Promise<void>): Promise<Profile> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 200 });
  await session.post('Profiler.start');
  await run();
  const { profile: found } = await session.post('Profiler.stop');
  session.disconnect();
  const frames = new Map(found.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times: Record<string, number> = {};
  for (const [index, id] of (found.samples ?? []).entries()) {
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === '(idle)') continue;
    const owner = ownerOf(frame);
    times[owner] = (times[owner] ?? 0) + (found.timeDeltas?.[index] ?? 0);
  }
  return times;
}
