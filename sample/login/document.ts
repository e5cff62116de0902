import { html, type Html } from './html.js';
import { STYLE } from './style.js';

/** A whole page of a sample. @param style what the page needs beside the style of all samples */
export function documentOf(title: string, content: Html, style: string | Html = ''): string {
  const { markup } = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>${title}</title>
      <link rel="icon" href="data:," />
      <style>
        ${STYLE} ${style}
      </style>
    </head>
    <body>
      <main>
        <h1>${title}</h1>
        ${content}
      </main>
    </body>
  </html>`;
  return `<!doctype html>\n${markup}`;
}
