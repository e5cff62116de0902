import { encryptedFloor, signedFloor } from '../codec/floor.js';
import { subjectName } from '../codec/subjects.js';
import { AGAIN } from '../measure/again.js';
import { type Comparison, OURS } from './comparison.js';

/** What encoding and decoding are to cost, whatever the size, each with what a goal is called. */
export function codecComparisons(): (readonly [text: string, comparison: Comparison])[] {
  const again = subjectName({ ...signedFloor, name: signedFloor.name + AGAIN }, 'decode');
  return [
    ['the floor against itself', { name: again, other: subjectName(signedFloor, 'decode'), limit: 1.02 }],
    ...floorComparisons(),
    ...peerComparisons(),
  ];
}

function floorComparisons() {
  const floors = [
    [signedFloor, 1.15],
    [encryptedFloor, 1.25],
  ] as const;
  return floors.flatMap(([floor, limit]) =>
    (['encode', 'decode'] as const).map((what) => {
      const name = subjectName({ mode: floor.mode, name: OURS }, what);
      return [`${floor.mode}, ${what}, to the floor`, { name, other: subjectName(floor, what), limit }] as const;
    }),
  );
}

function peerComparisons() {
  const peers = [
    [signedFloor, 'signed', 'keygrip, as cookie-session has it', 1 / 2],
    [signedFloor, 'signed', 'jose (JWS)', 1 / 10],
    [encryptedFloor, 'encrypted', 'jose (JWE)', 1 / 10],
    [signedFloor, 'encrypted', 'iron-session', 1 / 45],
    [signedFloor, 'signed', 'fast-jwt', 1],
  ] as const;
  return peers.map(([floor, theirMode, peer, limit]) => {
    const comparison: Comparison = {
      name: subjectName({ mode: floor.mode, name: OURS }, 'decode'),
      other: subjectName({ mode: theirMode, name: peer }, 'decode'),
      limit,
      floor: subjectName(floor, 'decode'),
    };
    return [`${floor.mode}, decode, to ${peer}`, comparison] as const;
  });
}
