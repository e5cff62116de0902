import type { Session } from 'nestjs-sessions';
import { documentOf } from '../login/document.js';
import { Html, html } from '../login/html.js';
import { LONGEST_NAME } from '../login/visitor.js';
import { LONGEST_NOTE, type Notebook } from './notes.js';

/** The whole page: who is here, the notes, and where they are kept. */
export function page(session: Session<Notebook>, cookies: string, store: string): string {
  const user = session.get('user');
  const title = user === undefined ? 'Who are you?' : `Notes of ${user}`;
  const content = user === undefined ? logIn : notebook(session.get('notes') ?? []);
  return documentOf(title, html`${content} ${figures(session, cookies, store)}`, NOTES_STYLE);
}

const logIn = html`<p class="lead">Your notes are kept in your session, which is on the server.</p>
  <form method="post" action="/login">
    <label for="name">Your name</label>
    <div class="field">
      <input id="name" name="name" required maxlength="${LONGEST_NAME}" autocomplete="nickname" spellcheck="false" />
      <button>Log in</button>
    </div>
  </form>`;

function notebook(notes: readonly string[]): Html {
  const items = notes.map((note) => html`<li>${note}</li>`.markup).join('');
  return html`<ol id="notes">
      ${new Html(items)}
    </ol>
    <form method="post" action="/notes">
      <label for="note">A note</label>
      <textarea id="note" name="note" required maxlength="${LONGEST_NOTE}" rows="4"></textarea>
      <button>Keep</button>
    </form>
    <form method="post" action="/logout">
      <button class="quiet">Log out</button>
      <p class="hint">Every copy of the cookie ends with it.</p>
    </form>`;
}

function figures(session: Session<Notebook>, cookies: string, store: string): Html {
  const size = session.size === 0 ? 0 : Buffer.byteLength(JSON.stringify(session.data));
  return html`<section aria-labelledby="where">
    <h2 id="where">Where the session is</h2>
    <dl>
      <dt>Kept in</dt>
      <dd id="store">${store}</dd>
      <dt>Data</dt>
      <dd><span id="data">${size}</span> bytes</dd>
      <dt>Cookie</dt>
      <dd><span id="cookie">${Buffer.byteLength(cookies)}</span> bytes, whatever the data</dd>
    </dl>
  </section>`;
}

const NOTES_STYLE = new Html(`
  ol { margin: 20px 0 0; padding-left: 22px; overflow-wrap: anywhere; }
  ol:empty::before { content: 'Nothing yet.'; color: var(--muted); }
  ol li + li { margin-top: 6px; }
  textarea { width: 100%; margin-bottom: 8px; padding: 12px 16px; border: 1px solid var(--muted); border-radius: 10px; background: var(--well); color: inherit; font: inherit; resize: vertical; }
`);
