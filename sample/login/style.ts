import { Html } from './html.js';

/** Nothing in here comes from outside: no font, no picture, no script. */
export const STYLE = new Html(`
  :root {
    color-scheme: light dark;
    --ground: #f3f2ef; --card: #fff; --ink: #1b1b1f; --muted: #62626b; --line: #e4e3df; --well: #f8f7f5;
    --accent: #3b48c4; --accent-ink: #fff; --good: #1a7342; --bad: #a8480b;
    --header: #b3261e; --payload: #3b48c4; --signature: #1a7342;
    --shadow: 0 1px 2px rgb(0 0 0 / 5%), 0 12px 40px rgb(0 0 0 / 7%);
    font: 16px/1.55 system-ui, sans-serif;
  }
  @media (prefers-color-scheme: dark) {
    :root {
      --ground: #121216; --card: #1c1c22; --ink: #ececf0; --muted: #a3a3ad; --line: #303038; --well: #16161b;
      --accent: #a5adff; --accent-ink: #14143a; --good: #7fd6a2; --bad: #f2ab7a;
      --header: #ff9c94; --payload: #a5adff; --signature: #7fd6a2;
      --shadow: 0 12px 40px rgb(0 0 0 / 35%);
    }
  }
  * { box-sizing: border-box; margin: 0; }
  body { min-height: 100vh; padding: clamp(16px, 9vh, 96px) 16px 16px; display: grid; grid-template-columns: minmax(0, 38rem); place-content: start center; background: var(--ground); color: var(--ink); }
  main { padding: 40px; border-radius: 20px; background: var(--card); box-shadow: var(--shadow); }
  h1 { font-size: 2.1rem; line-height: 1.2; letter-spacing: -0.025em; overflow-wrap: anywhere; text-wrap: balance; }
  h2 { font-size: 1.05rem; letter-spacing: -0.01em; }
  .lead { margin-top: 8px; color: var(--muted); text-wrap: pretty; }
  .lead strong, .lead a { color: var(--ink); }
  form { margin-top: 24px; }
  label { display: block; margin-bottom: 6px; font-size: 0.875rem; font-weight: 600; }
  .field { display: flex; gap: 8px; }
  input, button { min-height: 44px; padding: 0 16px; border-radius: 10px; font: inherit; }
  input { flex: 1; width: 100%; min-width: 0; border: 1px solid var(--muted); background: var(--well); color: inherit; }
  button { border: 1px solid transparent; background: var(--accent); color: var(--accent-ink); font-weight: 600; white-space: nowrap; cursor: pointer; }
  button:hover { filter: brightness(1.1); }
  button.quiet { border-color: var(--muted); background: none; color: inherit; }
  button.quiet:hover { background: var(--well); }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  section { margin-top: 36px; padding-top: 28px; border-top: 1px solid var(--line); }
  .verdict { position: relative; margin-top: 4px; padding-left: 18px; color: var(--muted); }
  .verdict::before { content: ''; position: absolute; top: 0.5em; left: 0; width: 8px; height: 8px; border-radius: 50%; background: currentcolor; }
  .good { color: var(--good); }
  .bad { color: var(--bad); }
  .token, pre { font: 0.8125rem/1.6 ui-monospace, 'Cascadia Code', Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
  .token { max-height: 18em; margin-top: 16px; padding: 14px 16px; overflow: auto; border-radius: 10px; background: var(--well); color: var(--muted); overflow-wrap: anywhere; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: 12px 20px; margin-top: 20px; }
  dt { font-size: 0.875rem; font-weight: 600; }
  dd { min-width: 0; font-size: 0.875rem; color: var(--muted); }
  pre { color: var(--ink); white-space: pre-wrap; overflow-wrap: anywhere; }
  .header { color: var(--header); }
  .payload { color: var(--payload); }
  .signature { color: var(--signature); }
  .hint { margin-top: 8px; font-size: 0.875rem; color: var(--muted); }
  .note { margin-top: 24px; font-size: 0.875rem; color: var(--muted); }
  @media (max-width: 30rem) {
    body { padding: 16px; }
    main { padding: 28px 22px; }
    dl { grid-template-columns: 1fr; gap: 4px; }
    dd + dt { margin-top: 12px; }
  }
`);
