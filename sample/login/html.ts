/** Markup, as opposed to text, which is to be escaped. */
export class Html {
  constructor(readonly markup: string) {}
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template tag that escapes whatever is put in, unless it is markup made by this tag. */
export function html(strings: TemplateStringsArray, ...values: readonly (string | number | Html)[]): Html {
  const [first = '', ...others] = strings;
  return new Html(others.reduce((markup, text, index) => markup + markupOf(values[index] ?? '') + text, first));
}

function markupOf(value: string | number | Html): string {
  return value instanceof Html
    ? value.markup
    : String(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
