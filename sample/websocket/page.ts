import { documentOf } from '../login/document.js';
import { html, Html } from '../login/html.js';
import { LONGEST_NAME } from '../login/visitor.js';

/** The whole page: a form to log in, or the chat of a user who is logged in. */
export function page(user: string | undefined): string {
  const title = user === undefined ? 'Who are you?' : `Hello ${user}`;
  return documentOf(title, user === undefined ? logIn : chat, CHAT_STYLE);
}

const logIn = html`<p class="lead">Log in, and the page opens a socket that knows your name from your session.</p>
  <form method="post" action="/login">
    <label for="name">Your name</label>
    <div class="field">
      <input id="name" name="name" required maxlength="${LONGEST_NAME}" autocomplete="nickname" spellcheck="false" />
      <button>Log in</button>
    </div>
  </form>`;

const chat = html`<p class="lead">
    Your messages do not carry your name: the server knows it from the session that came with the socket's handshake.
  </p>
  <form method="post" action="/logout"><button class="quiet">Log out</button></form>
  <section aria-labelledby="messages">
    <h2 id="messages">Messages</h2>
    <p class="verdict" id="state" role="status">Connecting…</p>
    <ol id="log" role="log" tabindex="0" aria-labelledby="messages"></ol>
    <form id="say">
      <label for="text">Say something</label>
      <div class="field">
        <input id="text" name="text" required maxlength="500" autocomplete="off" />
        <button>Send</button>
      </div>
    </form>
    <p class="note">Open this page in another window, or log in under another name in a private one.</p>
  </section>
  <script src="/client.js"></script>`;

const CHAT_STYLE = new Html(`
  #log { height: 13em; margin-top: 16px; padding: 14px 16px; overflow: auto; border-radius: 10px; background: var(--well); list-style: none; overflow-wrap: anywhere; }
  #log:empty::before { content: 'No messages yet.'; color: var(--muted); }
  #log li + li { margin-top: 6px; }
  #log strong { color: var(--accent); }
  :disabled { opacity: 0.5; cursor: default; }
`);
