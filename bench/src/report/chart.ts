import type { Row } from './table.js';

const [WIDTH, LEFT, LINE, TOP] = [760, 300, 24, 44] as const;

/** Horizontal bars of the ratios, one for each row, as an SVG document. */
export function chartOf(title: string, rows: readonly Row[]): string {
  const longest = Math.max(...rows.map(({ ratio }) => ratio.value));
  const bars = rows.map(({ name, ratio }, index) => {
    const y = TOP + index * LINE;
    const width = ((WIDTH - LEFT - 90) * ratio.value) / longest;
    const color = name.startsWith('nestjs-sessions') ? '#e0234e' : '#8a94a6';
    return (
      `<text x="${LEFT - 8}" y="${y + 14}" text-anchor="end">${escaped(name)}</text>` +
      `<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="18" fill="${color}"/>` +
      `<text x="${(LEFT + width + 6).toFixed(1)}" y="${y + 14}">${ratio.value.toFixed(2)}</text>`
    );
  });
  const height = TOP + rows.length * LINE + 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13">
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
<text x="12" y="24" font-size="15" font-weight="bold">${escaped(title)}</text>
${bars.join('\n')}
</svg>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
