import type { Application } from '../http/applications.js';
import { REFERENCE } from '../http/reference.js';
import type { Platform } from '../http/platform.js';
import type { Order } from '../http/protocol.js';
import { settingOf } from '../settings.js';

const READ = 'nestjs-sessions, read';
const WRITTEN = 'nestjs-sessions, written';

/** Headers that are as long as Node lets them be, and no session. */
const JUNK = [
  ['junk of 16 KiB', 'junk'],
  ['junk of 16 KiB in 200 cookies of our name', 'junk in many cookies'],
] as const;

/** How the cost of a request grows with what comes in, and with the number of secrets. */
export function growthApplications(platform: Platform): Application[] {
  const usual = settingOf(platform);
  const read = (name: string, cookie: Order['cookie'], setting = usual): Application => ({
    name: `read, ${name}`,
    variant: READ,
    setting,
    cookie,
  });
  const applications: Application[] = [
    read('valid cookie', 'usual'),
    read('tampered cookie', 'tampered'),
    read('expired cookie', 'expired'),
    read('no cookie of ours', 'none of ours'),
  ];
  for (const [name, cookie] of JUNK) {
    applications.push(read(name, cookie));
    applications.push({ name: `${REFERENCE}, ${name}`, variant: REFERENCE, setting: usual, cookie });
  }
  for (const size of [40, 139, 1000, 2500]) {
    const setting = settingOf(platform, { size });
    applications.push(read(`${size} bytes`, 'usual', setting));
    applications.push({ name: `written, ${size} bytes`, variant: WRITTEN, setting });
  }
  for (const others of [1, 5, 10, 20, 50]) applications.push(read(`${others} other cookies`, { others }));
  for (const keys of [2, 5, 10]) {
    applications.push(read(`${keys} secrets`, 'usual', settingOf(platform, { keys })));
  }
  // Issued anew with each response, as this client keeps the old one.
  const old = 'sealed with the oldest';
  applications.push(read(`10 secrets, ${old}`, old, settingOf(platform, { keys: 10 })));
  return applications;
}
