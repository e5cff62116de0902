import { OTHER_COOKIE } from '../http/cookies.js';
import { subjectOf } from '../http/subject.js';
import type { Platform } from '../http/platform.js';
import { variantOf } from '../http/variants.js';
import type { Subject } from '../measure/rounds.js';
import { settingOf } from '../settings.js';

const READ = variantOf('nestjs-sessions, read');
const WRITTEN = variantOf('nestjs-sessions, written');
const BASE = variantOf('empty interceptor');

/** A browser's other cookies around ours. */
function among(count: number): (cookies: string) => string {
  const others = Array.from({ length: count }, (_, index) => `other${index}=${'v'.repeat(24)}; `);
  return (cookies) => `${others.slice(count >> 1).join('')}${cookies}; ${others.slice(0, count >> 1).join('')}`;
}

/** The last character but one: the last one has spare bits. */
function tampered(cookies: string): string {
  return cookies.replace(/(.)(.)$/, (_, one: string, last: string) => `${one === 'A' ? 'B' : 'A'}${last}`);
}

/** How the cost of a request grows with what comes in, and with the number of secrets. */
export async function growthSubjects(platform: Platform): Promise<Subject[]> {
  const usual = settingOf(platform);
  const subjects: Promise<Subject>[] = [
    subjectOf(BASE, usual),
    subjectOf(READ, usual, { as: 'read, valid cookie' }),
    subjectOf(READ, usual, { as: 'read, tampered cookie', cookie: tampered }),
    subjectOf(READ, usual, { as: 'read, no cookie of ours', cookie: () => OTHER_COOKIE }),
    subjectOf(READ, usual, { as: 'read, junk of 16 KiB', cookie: () => `session=${'x'.repeat(16 * 1024)}` }),
    subjectOf(BASE, usual, {
      as: 'empty interceptor, junk of 16 KiB',
      cookie: () => `session=${'x'.repeat(16 * 1024)}`,
    }),
  ];
  for (const size of [40, 139, 1000, 2500]) {
    subjects.push(subjectOf(READ, settingOf(platform, { size }), { as: `read, ${size} bytes` }));
    subjects.push(subjectOf(WRITTEN, settingOf(platform, { size }), { as: `written, ${size} bytes` }));
  }
  for (const count of [1, 5, 10, 20, 50]) {
    subjects.push(subjectOf(READ, usual, { as: `read, ${count} other cookies`, cookie: among(count) }));
  }
  for (const keys of [2, 5, 10]) {
    subjects.push(subjectOf(READ, settingOf(platform, { keys }), { as: `read, ${keys} secrets` }));
  }
  return Promise.all(subjects);
}
