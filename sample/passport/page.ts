import type { Session } from 'nestjs-sessions';
import { documentOf } from '../login/document.js';
import { html, type Html } from '../login/html.js';
import type { User } from './users.js';

/** Who is here, and the way in or out. */
export function welcomePage(user: User | undefined, why: string | undefined): string {
  if (user === undefined) return page('Hello anonymous', html`${reason(why)} ${logInForm}`);
  return page(
    `Hello ${user.name}`,
    html`<p class="lead">You are logged in. Go to <a href="/account">your account</a>.</p>
      ${logOutForm}`,
  );
}

/** Only for a user who is logged in. */
export function accountPage(user: User, session: Session): string {
  return page(
    `Account of ${user.name}`,
    html`<p class="lead">Only you can see this page. <a href="/">Back to the start</a></p>
      ${logOutForm}
      <section aria-labelledby="session">
        <h2 id="session">Your session</h2>
        <dl>
          <dt>Id</dt>
          <dd><pre id="id">${session.id}</pre></dd>
          <dt>Data</dt>
          <dd><pre id="data">${JSON.stringify(session.data)}</pre></dd>
        </dl>
        <p class="note">
          Each log-in gives the session a new id, so an id that an attacker has planted before is worthless.
        </p>
      </section>`,
  );
}

function reason(why: string | undefined): Html {
  if (why === undefined)
    return html`<p class="lead">
      There is one user. Log in as <strong>ada</strong> with the password <strong>lovelace</strong>.
    </p>`;
  return html`<p class="verdict bad" role="alert">${why}</p>`;
}

const logInForm = html`<form method="post" action="/login">
  <label for="username">Name</label>
  <div class="field"><input id="username" name="username" required autocomplete="username" spellcheck="false" /></div>
  <label for="password">Password</label>
  <div class="field">
    <input id="password" name="password" type="password" required autocomplete="current-password" />
    <button>Log in</button>
  </div>
</form>`;

const logOutForm = html`<form method="post" action="/logout">
  <button class="quiet">Log out</button>
</form>`;

function page(title: string, content: Html): string {
  return documentOf(title, content, FORM_STYLE);
}

const FORM_STYLE = '.field + label { margin-top: 16px; }';
