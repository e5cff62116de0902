// Measures the codecs in a process of its own, so that no size finds the compiler's work for another: part.js <size> <rounds>
import { codecSubjects } from './codec/subjects.js';
import { measure, measured, type Rounds } from './measure/rounds.js';

const [size = '', rounds = ''] = process.argv.slice(2);
const subjects = await codecSubjects(Number(size));
const series = await measure(subjects.map(measured), JSON.parse(rounds) as Rounds);
process.send?.(series, () => process.exit(0));
