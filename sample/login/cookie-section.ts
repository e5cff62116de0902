import type { Session } from 'nestjs-sessions';
import type { CookieContent } from './cookie-content.js';
import { html, type Html } from './html.js';

/** Shows the cookie that came. The one that leaves with this page is made only when the page is done. */
export function cookieSection(session: Session, content: CookieContent | undefined): Html {
  return html`<section aria-labelledby="cookie">
    <h2 id="cookie">Your cookie</h2>
    ${verdict(session, content)} ${content === undefined ? '' : cookie(content)}
  </section>`;
}

function verdict(session: Session, content: CookieContent | undefined): Html {
  if (content === undefined && session.isModified) {
    return html`<p class="verdict">Your browser sent none. This page brings the first: reload to see it.</p>`;
  }
  if (content === undefined) return html`<p class="verdict">Your browser sent none.</p>`;
  if (session.isNew) {
    return html`<p class="verdict bad">
      Your browser sent this one, but it was ignored: it was changed, has expired, or was signed with another secret.
    </p>`;
  }
  const next = session.isModified ? 'This page brings the next.' : '';
  return html`<p class="verdict good">Your browser sent this one, and its signature is right. ${next}</p>`;
}

function cookie({ parts, header, payload }: CookieContent): Html {
  return html`<div class="token" id="token" tabindex="0" aria-label="The cookie as it came" role="region">
      ${tokenOf(parts)}
    </div>
    <dl>
      <dt class="header">Header</dt>
      <dd><pre id="header">${header}</pre></dd>
      <dt class="payload">Payload</dt>
      <dd><pre id="payload">${payload}</pre></dd>
      <dt class="signature">Signature</dt>
      <dd>Made from the two above with a secret that only the server knows.</dd>
    </dl>
    <p class="note">
      Anybody who has this cookie can read it, so keep nothing secret in it. But nobody can change it: with one letter
      different, the signature is wrong and the server ignores it.
    </p>`;
}

function tokenOf([header = '', payload, signature, ...rest]: readonly string[]): Html {
  if (payload === undefined || signature === undefined || rest.length > 0) return html`${header}`;
  return html`<span class="header">${header}</span>.<span class="payload">${payload}</span>.<span class="signature"
      >${signature}</span
    >`;
}
