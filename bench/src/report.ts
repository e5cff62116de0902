// Writes docs/benchmarks.md anew from what the last whole run has found: npm run bench:report.
import { writeReport } from './report/report.js';
import { keptResults } from './report/results.js';

writeReport(keptResults());
