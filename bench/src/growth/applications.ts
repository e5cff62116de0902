import type { Application } from '../http/applications.js';
import { REFERENCE } from '../http/reference.js';
import type { Platform } from '../http/platform.js';
import type { Order } from '../http/protocol.js';
import { settingOf } from '../settings.js';

const READ = 'nestjs-sessions, read';
const WRITTEN = 'nestjs-sessions, written';

/** How the cost of a request grows with what comes in, and with the number of secrets. */
export function growthApplications(platform: Platform): Application[] {
  const usual = settingOf(platform);
  const read = (name: string, cookie: Order['cookie']): Application => ({
    name,
    variant: READ,
    setting: usual,
    cookie,
  });
  const applications: Application[] = [
    read('read, valid cookie', 'usual'),
    read('read, tampered cookie', 'tampered'),
    read('read, expired cookie', 'expired'),
    read('read, no cookie of ours', 'none of ours'),
    read('read, junk of 16 KiB', 'junk'),
    { name: `${REFERENCE}, junk of 16 KiB`, variant: REFERENCE, setting: usual, cookie: 'junk' },
  ];
  for (const size of [40, 139, 1000, 2500]) {
    const setting = settingOf(platform, { size });
    applications.push({ name: `read, ${size} bytes`, variant: READ, setting });
    applications.push({ name: `written, ${size} bytes`, variant: WRITTEN, setting });
  }
  for (const others of [1, 5, 10, 20, 50]) applications.push(read(`read, ${others} other cookies`, { others }));
  for (const keys of [2, 5, 10]) {
    applications.push({ name: `read, ${keys} secrets`, variant: READ, setting: settingOf(platform, { keys }) });
  }
  return applications;
}
