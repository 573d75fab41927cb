/** A table of a plot: heads, and lines of numbers or texts. */
export interface Table {
  readonly heads: readonly string[];
  readonly lines: readonly (readonly (string | number | null)[])[];
}

/** A spreadsheet takes a text that begins so for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** RFC 4180; a foreign text is never a formula. */
export function csvText({ heads, lines }: Table): string {
  return [heads, ...lines].map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const harmless = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Hands a file to the person in front of the page. */
export function save(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The canvas of a plot on the ground of the page, with its title. */
export function pictureOf(canvas: HTMLCanvasElement, title: string): Promise<Blob | null> {
  const { width, height } = canvas;
  const ratio = globalThis.devicePixelRatio || 1;
  const headPx = Math.round(28 * ratio);
  const picture = document.createElement('canvas');
  picture.width = width;
  picture.height = height + headPx;
  const context = picture.getContext('2d');
  if (!context) return Promise.resolve(null);
  const style = getComputedStyle(document.body);
  context.fillStyle = style.backgroundColor;
  context.fillRect(0, 0, picture.width, picture.height);
  context.fillStyle = style.color;
  context.font = `600 ${Math.round(14 * ratio)}px system-ui, sans-serif`;
  context.fillText(title, 8 * ratio, 19 * ratio);
  context.drawImage(canvas, 0, headPx);
  return new Promise((resolve) => picture.toBlob(resolve, 'image/png'));
}
