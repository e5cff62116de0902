import type { Session } from 'nestjs-sessions';
import { readCookieContent } from './cookie-content.js';
import { cookieSection } from './cookie-section.js';
import { documentOf } from './document.js';
import { html, type Html } from './html.js';
import { LONGEST_NAME, type Visitor } from './visitor.js';

/** The whole page: who is here, and what the cookie says that came with this request. */
export function page(session: Session<Visitor>, cookies: string | undefined): string {
  const user = session.get('user');
  return documentOf(
    `Hello ${user ?? 'anonymous'}`,
    html`${visits(session)} ${user === undefined ? logInForm : logOutForm}
    ${cookieSection(session, readCookieContent(cookies))}`,
  );
}

function visits(session: Session<Visitor>): Html {
  const count = session.get('visits');
  if (count === undefined) {
    return html`<p class="lead">You have no session right now. <a href="/">Visit again</a> to start a new one.</p>`;
  }
  return html`<p class="lead">
    This is visit number <strong id="visits">${count}</strong>. The session lasts until ${time(session.expiresAt)}, and
    each visit extends it.
  </p>`;
}

const logInForm = html`<form method="post" action="/login">
  <label for="name">Your name</label>
  <div class="field">
    <input id="name" name="name" required maxlength="${LONGEST_NAME}" autocomplete="nickname" spellcheck="false" />
    <button>Log in</button>
  </div>
  <p class="hint">Any name will do. There is no password in this sample: see the sample passport for that.</p>
</form>`;

const logOutForm = html`<form method="post" action="/logout">
  <button class="quiet">Log out</button>
</form>`;

const READABLE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

function time(date: Date): Html {
  return html`<time datetime="${date.toISOString()}">${READABLE.format(date)}</time>`;
}
