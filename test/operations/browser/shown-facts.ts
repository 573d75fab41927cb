import type { Page } from 'playwright-core';

/** One fact as the page shows it. */
export interface ShownFact {
  readonly path: string;
  readonly kind: string;
  readonly text: string;
}

/** Everything that is shown at one moment, and of which answer it is. */
export interface ShownFacts {
  readonly now: string;
  readonly facts: readonly ShownFact[];
}

const NOTHING = '–';
const SECONDS = { s: 1, min: 60, h: 3_600, d: 86_400 } as const;
const MIB = 1_048_576;

/** Reads all facts from the page at once, so that no other answer comes between. */
export function shownFacts(page: Page): Promise<ShownFacts> {
  return page.evaluate(`({
    now: document.body.dataset.now,
    facts: Array.from(document.querySelectorAll('[data-fact]'), (one) => ({
      path: one.dataset.fact, kind: one.dataset.as ?? 'text', text: one.textContent,
    })),
  })`);
}

/** What is shown and is not what the facts say, by path. */
export function wrongFacts({ facts: shown }: ShownFacts, facts: unknown): readonly string[] {
  return shown.flatMap(({ path, kind, text }) => {
    const value = path
      .split('.')
      .reduce<unknown>(
        (at, step) => (at as Record<string, unknown> | null | undefined)?.[decodeURIComponent(step)],
        facts,
      );
    return isSame(text, kind, value) ? [] : [`${path} (${kind}) is ${JSON.stringify(value)} and shown as ${text}`];
  });
}

function isSame(text: string, kind: string, value: unknown): boolean {
  if (value === null || value === undefined || value === '') return text === NOTHING;
  if (kind === 'time') return text.endsWith(clockOf(value as string | number));
  if (kind === 'flag') return text === (value ? 'yes' : 'no');
  if (typeof value === 'number') return isNear(amountOf(text, kind), value, text);
  if (Array.isArray(value))
    return value.length === 0 ? text === NOTHING : listParts(value).every((part) => text.includes(part));
  if (typeof value === 'object') return listParts(Object.values(value as object)).every((part) => text.includes(part));
  return text === String(value) || text.includes('\\u');
}

function listParts(values: readonly unknown[]): readonly string[] {
  return values.flatMap((one) => {
    if (one === null) return [NOTHING];
    return typeof one === 'object'
      ? listParts(Object.values(one).filter((part) => typeof part !== 'number' || part <= 100))
      : [String(one)];
  });
}

function clockOf(value: string | number): string {
  const at = new Date(value);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** The number that a text stands for, in the unit of the fact. */
function amountOf(text: string, kind: string): number {
  const plain = text.replaceAll(',', '');
  if (kind === 's') {
    const parts = [...plain.matchAll(/([\d.]+) (s|min|h|d)\b/g)];
    return parts.reduce((sum, [, count, unit]) => sum + Number(count) * SECONDS[unit as keyof typeof SECONDS], 0);
  }
  const number = Number.parseFloat(plain);
  return kind === 'bytes' ? number * MIB : number;
}

/** As near as the digits that are shown allow: half of the last one, or the unit that is left out of a span. */
function isNear(shown: number, value: number, text: string): boolean {
  const [, unit = ''] = /(MB|d|h|min)\b/.exec(text) ?? [];
  const slack = { MB: MIB / 20, d: 3_600, h: 60, min: 1 }[unit] ?? 0;
  const digits = /\.(\d+)/.exec(text)?.[1]?.length ?? 0;
  return Math.abs(shown - value) <= Math.max(slack, 0.5 / 10 ** digits + 1e-9);
}
