import { describe, expect, it } from '@jest/globals';
import { existsSync, statSync } from 'node:fs';
import { allPages, readPage, withoutBlocks } from '../support/documents.js';

const ROOT = new URL('../../', import.meta.url);
/** The host of the repository serves it, above the files. */
const REPORT = '../../security/advisories/new';

describe('A link', () => {
  it.each(allPages())('of %s leads to a file and a heading that are there', (page) => {
    expect(linksOf(readPage(page)).filter((link) => !leads(page, link))).toEqual([]);
  });

  it.each([
    ['docs/usage.md', true],
    ['docs/usage.md#errors', true],
    ['#limits', true],
    ['docs', true],
    ['https://example.org/#any', true],
    ['docs/nothing.md', false],
    ['docs/usage.md#nothing', false],
    ['#nothing', false],
    ['../outside.md', false],
    ['http://example.org', false],
    ['javascript:alert(1)', false],
  ])('%s is taken for one that leads somewhere: %s', (link, isFine) => {
    expect(leads('README.md', link)).toBe(isFine);
  });

  it('is found inline, as an image, as a reference and as HTML, but not in code', () => {
    const page = '[a](b "title") ![c](d)\n[e]: f\n<a href="g">h</a> `[i](j)`\n```md\n[k](l)\n```\n[`m`](n)\n[o](<p q>)';
    expect(linksOf(page)).toEqual(['b', 'd', 'n', 'p q', 'f', 'g']);
  });

  it('finds the headings that the host of the repository makes anchors of', () => {
    const page = '# A b-c\n## `d_e()` & [f](g)\n## A b-c\n```sh\n# no heading\n```\n### @x/y, 1.2';
    expect(anchorsOf(page)).toEqual(['a-b-c', 'd_e--f', 'a-b-c-1', 'xy-12']);
  });
});

describe('The index docs/README.md', () => {
  it('links each document', () => {
    const documents = allPages().filter((page) => /^docs\/(?:[\w-]+|migration\/README)\.md$/.test(page));
    const linked = new Set(linksOf(readPage('docs/README.md')).map((link) => `docs/${link.replace(/#.*/, '')}`));
    expect(documents.filter((page) => !linked.has(page))).toEqual(['docs/README.md']);
  });
});

// The page of npm shows README.md alone, and resolves relative links by the field `repository` of package.json.
describe('A link of README.md', () => {
  const links = linksOf(readPage('README.md'));

  it('is relative to the root of the repository, or https', () => {
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((link) => !/^(?:https:\/\/|#|[\w.])/.test(link) || link.startsWith('..'))).toEqual([]);
  });
});

/** The targets of all links and images of a page. */
function linksOf(page: string): string[] {
  const text = withoutBlocks(page).replaceAll(/(?<!\[)`[^`\n]*`/g, '');
  const inline = [...text.matchAll(/\]\((?:<([^>]*)>|([^)\s]+))(?:\s+"[^"]*")?\)/g)];
  const references = [...text.matchAll(/^\[[^\]]+\]:\s+(\S+)/gm)];
  const html = [...text.matchAll(/\b(?:href|src)="([^"]*)"/g)];
  return [...inline, ...references, ...html].map(([, target, other]) => target ?? other ?? '');
}

/** Whether a link of a page leads somewhere. Other hosts are not asked. */
function leads(page: string, link: string): boolean {
  if (/^[a-z]+:/i.test(link)) return link.startsWith('https://') && URL.canParse(link);
  const target = new URL(link, new URL(page, ROOT));
  if (!target.href.startsWith(ROOT.href)) return link === REPORT;
  const anchor = decodeURIComponent(target.hash.slice(1));
  target.hash = '';
  if (!existsSync(target)) return false;
  if (anchor === '') return true;
  return statSync(target).isFile() && anchorsOf(readPage(target.href.slice(ROOT.href.length))).includes(anchor);
}

/** The anchors of the headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  const counts = new Map<string, number>();
  return [...withoutBlocks(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}
