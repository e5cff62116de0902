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
    return html`<p class="verdict">
      Your browser has not sent one yet. This page sets it: reload, and you will see it here.
    </p>`;
  }
  if (content === undefined) return html`<p class="verdict">Your browser did not send one.</p>`;
  if (session.isNew) {
    return html`<p class="verdict bad">
      Your browser sent this cookie, but the server ignored it: it was changed, has expired, or was signed with another
      secret.
    </p>`;
  }
  const next = session.isModified ? 'This page sends back a new one.' : '';
  return html`<p class="verdict good">Your browser sent this cookie, and its signature is valid. ${next}</p>`;
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
      <dd>Computed from the two parts above with a secret that only the server knows.</dd>
    </dl>
    <p class="note">
      Anyone who gets hold of this cookie can read it, so put nothing secret in it. But nobody can change it: if one
      letter differs, the signature does not match and the server ignores the cookie.
    </p>`;
}

function tokenOf([header = '', payload, signature, ...rest]: readonly string[]): Html {
  if (payload === undefined || signature === undefined || rest.length > 0) return html`${header}`;
  return html`<span class="header">${header}</span>.<span class="payload">${payload}</span>.<span class="signature"
      >${signature}</span
    >`;
}
