import { describe, expect, it } from '@jest/globals';
import { HELP } from '../../lib/cli/help.js';
import { readPage } from '../support/documents.js';
import { NOW, runWith } from '../unit/cli/support.js';

const page = readPage('docs/cli.md');

/** The commands of the page, each with the block below it, which shows what it prints. */
const EXAMPLES = [...page.matchAll(/^```sh\n(.*)\n```\n\n```\n([^]*?)\n```$/gm)].map(
  ([, command = '', shown = '']) => [command, shown] as const,
);

/** The words of a command line, without the quotes around them. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''));
}

describe('docs/cli.md', () => {
  it('shows three commands', () => {
    expect(EXAMPLES).toHaveLength(3);
  });

  it.each(EXAMPLES)('shows what is printed: %s', async (command, shown) => {
    const words = wordsOf(command);
    const start = words.indexOf('nestjs-sessions') + 1;
    const secret = words.find((word) => word.startsWith('SESSION_SECRET='));
    const env = { SESSION_SECRET: secret?.slice('SESSION_SECRET='.length) ?? '' };
    const { out, err } = await runWith(words.slice(start), { env, now: NOW });
    expect(out + err).toBe(`${shown}\n`);
  });

  it('has a row for each option of --help, and no other', () => {
    const rows = [...page.matchAll(/^\| `(--[\w-]+)/gm)].map(([, option]) => option);
    const options = [...HELP.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, option]) => option);
    expect(rows.length).toBeGreaterThan(4);
    expect(rows).toEqual(options);
  });
});
