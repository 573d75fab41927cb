import type { ProviderContent, RowsContent } from './provider-content.js';
import { msOf, rowsOf } from './provider-fault.js';
import type { Strikes } from './provider-faults.js';
import type { ProviderPresentation } from './provider-presentation.js';
import { itemOf, type StoredRow } from './provider-row.js';

const SECONDS_FIELDS = /"(updated_at|update_time)":(\d+)/g;

/** The body of an answer, with the faults that change what it says. */
export function bodyOf(content: ProviderContent, strikes: Strikes, shown: ProviderPresentation): string {
  const results = content.kind === 'rows' ? rowsText(content, strikes) : groupsText(content.groups, shown);
  const parts = ['"code":0'];
  if (!strikes.has('no-results')) parts.push(`"${strikes.has('result') ? 'result' : 'results'}":${results}`);
  if (content.kind === 'rows') {
    const extra = extraText(content, shown);
    if (extra !== null) parts.push(`"results_extra":${extra}`);
    if (content.paged) parts.push('"total":0');
  }
  const body = skewed(`{${parts.join(',')}}`, strikes);
  return strikes.has('truncated') ? body.slice(0, Math.ceil(body.length / 2)) : body;
}

function rowsText(content: RowsContent, strikes: Strikes): string {
  const { omitted = [] } = content;
  const texts = rowsWithFaults(content, strikes).map((row) => ({
    id: row.id,
    json: omitted.length > 0 ? withoutFields(row, omitted) : row.json,
  }));
  if (strikes.has('object')) return `{${texts.map(({ id, json }) => `${JSON.stringify(id)}:${json}`).join(',')}}`;
  return `[${texts.map(({ json }) => json).join(',')}]`;
}

/** Nothing comes into the empty page at the end: a list would never end. */
function rowsWithFaults(content: RowsContent, strikes: Strikes): readonly StoredRow[] {
  const { rows, paged } = content;
  if (strikes.has('early-end')) return [];
  if (paged && rows.length === 0) return rows;
  const unrelated = strikes.get('unrelated');
  const duplicates = strikes.get('duplicates');
  return [
    ...(unrelated ? content.unrelated(rowsOf(unrelated)) : []),
    ...(duplicates ? content.before(rowsOf(duplicates)) : []),
    ...rows,
  ];
}

function withoutFields(row: StoredRow, omitted: readonly string[]): string {
  return JSON.stringify(Object.fromEntries(Object.entries(itemOf(row)).filter(([field]) => !omitted.includes(field))));
}

function extraText({ extra }: RowsContent, shown: ProviderPresentation): string | null {
  if (!extra || shown.extra === 'none') return null;
  if (shown.extra === 'array') return JSON.stringify(extra);
  const keyed = Object.entries(extra).map(([kind, rows]) => [
    kind,
    Object.fromEntries(rows.map((row) => [row.id, row])),
  ]);
  return JSON.stringify(Object.fromEntries(keyed));
}

function groupsText(groups: Readonly<Record<string, unknown>>, { emptyGroups }: ProviderPresentation): string {
  if (Object.keys(groups).length === 0) return emptyGroups === 'array' ? '[]' : '{}';
  return JSON.stringify(groups);
}

function skewed(body: string, strikes: Strikes): string {
  const skew = strikes.get('clock-skew');
  if (!skew) return body;
  const seconds = Math.round(msOf(skew) / 1000);
  return body.replace(SECONDS_FIELDS, (_, field, value) => `"${field}":${Number(value) + seconds}`);
}
