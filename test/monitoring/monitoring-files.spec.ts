import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  metricKinds,
  metricsIn,
  type Panel,
  readAlerts,
  readAlertTests,
  readDashboard,
  readMetricsPage,
  runbookAnchors,
} from './monitoring-files.js';

/** The variable of the dashboard, as Grafana writes it. */
const CHOSEN = ['$', '{datasource}'].join('');

let kinds: ReadonlyMap<string, string>;
beforeAll(async () => {
  kinds = await metricKinds();
});

describe('the dashboard', () => {
  const dashboard = readDashboard();
  const panels = dashboard.panels.filter(({ type }) => type !== 'row');
  const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

  it('has every metric in a panel, and no other ones', () => {
    expect(metricsIn(expressions)).toEqual([...kinds.keys()]);
  });

  it('asks whatever data source is chosen', () => {
    expect(dashboard.templating.list).toContainEqual(
      expect.objectContaining({ name: 'datasource', type: 'datasource' }),
    );
    const sources = panels.flatMap(({ datasource, targets = [] }) => [
      datasource,
      ...targets.map((one) => one.datasource),
    ]);
    expect(new Set(sources.map((source) => source?.uid))).toEqual(new Set([CHOSEN]));
  });

  it.each(panels.map((panel) => [panel.title, panel] as const))('has a unit: %s', (_title, { fieldConfig }: Panel) => {
    expect(fieldConfig?.defaults.unit).toEqual(expect.any(String));
  });

  it('looks at counters as rates of the interval that is shown', () => {
    for (const expr of expressions) {
      for (const [whole, name = '', suffix = ''] of expr.matchAll(
        /\b(livescore_[a-z0-9_]+?)(_bucket|_sum|_count)?\{/g,
      )) {
        const isCounter = kinds.get(name) === 'counter' || kinds.get(name + suffix) === 'counter' || suffix !== '';
        const before = expr.slice(0, expr.indexOf(whole));
        expect([expr, isCounter]).toEqual([expr, /(rate|increase)\($/.test(before)]);
      }
      expect(expr.replaceAll('[$__rate_interval]', '')).not.toMatch(/\[\w+\]/);
    }
  });
});

describe('the alarms', () => {
  const alerts = readAlerts();
  const tests = readAlertTests();
  const anchors = runbookAnchors();

  it('are there', () => expect(alerts.length).toBeGreaterThan(30));

  it('ask for metrics that exist', () => {
    const asked = metricsIn(alerts.map(({ expr }) => expr));
    expect(asked.filter((name) => !kinds.has(name))).toEqual([]);
  });

  it.each(alerts.map((alert) => [alert.name, alert] as const))(
    '%s is told, tested and in the runbook',
    (name, alert) => {
      expect(name).toMatch(/^Livescore[A-Z][A-Za-z]+$/);
      expect(alert.severity).toMatch(/^(critical|warning)$/);
      expect(alert.summary).toEqual(expect.stringMatching(/\w{3}/));
      const short = name.replace('Livescore', '');
      const anchor = `alarm${short.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      expect(alert.runbook).toBe(`{{ $externalLabels.livescore_docs }}/operations.md#${anchor}`);
      expect(tests).toEqual(expect.arrayContaining([`${short} fires`, `${short} stays quiet`]));
      expect([...anchors]).toContain(anchor);
    },
  );
});

describe('the page of the metrics', () => {
  it('names every metric, with its labels, and no other ones', async () => {
    const page = readMetricsPage();
    const named = new Set((page.match(/`livescore_[a-z0-9_]+(?=[`{])/g) ?? []).map((name) => name.slice(1)));
    const known = [...kinds.keys()];
    expect(known.filter((name) => !named.has(name))).toEqual([]);
    const tables =
      /_(journal|announced|settlement|settlement_match|withdrawn_incident|format_dispute|dead_letter|rollout_decision|shadow|shadow_goal|sync_asked|sync_deleted|foreign_write|sync_change|docs)$/;
    expect([...named].filter((name) => !kinds.has(name) && !tables.test(name))).toEqual([]);
  });
});
