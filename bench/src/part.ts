// Measures one part in a process of its own, so that no part finds the compiler's work for another: part.js <part> <effort>
import 'reflect-metadata';
import { codecSubjects } from './codec/subjects.js';
import { growthSubjects } from './growth/subjects.js';
import type { Platform } from './http/platform.js';
import { subjectOf } from './http/subject.js';
import { variantOf, variantsOn } from './http/variants.js';
import { measure, type Subject } from './measure/rounds.js';
import { type Effort, settingOf } from './settings.js';

async function httpSubjects(platform: Platform): Promise<Subject[]> {
  const setting = settingOf(platform);
  const again = subjectOf(variantOf('empty interceptor'), setting, { as: 'empty interceptor, again' });
  return Promise.all([...variantsOn(platform).map((variant) => subjectOf(variant, setting)), again]);
}

function subjectsOf(part: string, of: string): Promise<Subject[]> {
  if (part === 'codec') return codecSubjects(Number(of));
  return part === 'http' ? httpSubjects(of as Platform) : growthSubjects(of as Platform);
}

const [part = '', of = '', effort = ''] = process.argv.slice(2);
const samples = await measure(await subjectsOf(part, of), (JSON.parse(effort) as Effort).rounds);
process.send?.([...samples], () => process.exit(0));
