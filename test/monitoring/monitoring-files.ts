import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LiveScoreMetrics } from '../../src/kernel/livescore-metrics.js';

const ROOT = join(import.meta.dirname, '..', '..');
const text = (...path: readonly string[]): string => readFileSync(join(ROOT, ...path), 'utf8');

export interface Target {
  readonly expr: string;
  readonly datasource: { readonly uid: string };
}

export interface Panel {
  readonly title: string;
  readonly type: string;
  readonly datasource?: { readonly uid: string };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly Target[];
}

export interface Dashboard {
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
  readonly panels: readonly Panel[];
}

export const readDashboard = (): Dashboard => JSON.parse(text('examples', 'monitoring', 'dashboard.json'));
export const readMetricsPage = (): string => text('docs', 'metrics.md');

export interface Alert {
  readonly name: string;
  readonly expr: string;
  readonly severity: string | undefined;
  readonly summary: string | undefined;
  readonly runbook: string | undefined;
}

/** The file is plain enough to be read by lines. */
export function readAlerts(): readonly Alert[] {
  const [, ...rules] = text('examples', 'monitoring', 'alerts.yml').split(/^ +- alert: /m);
  const field = (rule: string, name: string) => new RegExp(`^ +${name}: '?(.*?)'?$`, 'm').exec(rule)?.[1];
  return rules.map((rule) => ({
    name: rule.slice(0, rule.indexOf('\n')),
    expr: field(rule, 'expr') ?? '',
    severity: /severity: (\w+)/.exec(rule)?.[1],
    summary: field(rule, 'summary'),
    runbook: field(rule, 'runbook_url'),
  }));
}

/** What the tests of the alarms do: `FeedDown fires`. */
export function readAlertTests(): readonly string[] {
  return [...text('examples', 'monitoring', 'alerts.test.yml').matchAll(/^ {2}- name: (.+)$/gm)].map(
    ([, name]) => name ?? '',
  );
}

/** Anchors of the headings of the runbook, as GitHub makes them. */
export function runbookAnchors(): ReadonlySet<string> {
  const headings = [...text('docs', 'operations.md').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading ?? '');
  const anchors = headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
  const named = [...text('docs', 'operations.md').matchAll(/<a (?:id|name)="([\w-]+)">/g)].map(([, id]) => id ?? '');
  return new Set([...anchors, ...named]);
}

/** Names of the metrics in expressions, without what a histogram adds. */
export function metricsIn(expressions: readonly string[]): readonly string[] {
  const names = expressions.flatMap((expr) => expr.match(/\blivescore_[a-z0-9_]+/g) ?? []);
  return [...new Set(names.map((name) => name.replace(/_(bucket|sum|count)$/, '')))].sort();
}

/** Name → kind of each metric of a composed application. */
export async function metricKinds(): Promise<ReadonlyMap<string, string>> {
  const metrics = new LiveScoreMetrics();
  const zero = () => 0;
  metrics.showBooks(() => ({ received: 0, inFlight: 0, unaccounted: 0 }));
  metrics.showDisputed(zero);
  metrics.showSockets(zero);
  metrics.showFacts({
    databaseReady: zero,
    activeConnections: zero,
    mostConnections: zero,
    waitingStatements: zero,
    feedSilenceS: zero,
    watermarkAgeS: zero,
    liveMatches: zero,
    liveMatchesWithoutFeed: zero,
    disputedMatches: zero,
    syncJobsIncomplete: zero,
    providerRefused: zero,
    clients: zero,
    staleMatches: () => ({}),
  });
  return kindsIn(await metrics.registry.metrics());
}

export function kindsIn(scrape: string): ReadonlyMap<string, string> {
  const types = scrape.matchAll(/^# TYPE (\w+) (\w+)$/gm);
  return new Map([...types].map(([, name = '', kind = '']) => [name, kind] as const).sort());
}
