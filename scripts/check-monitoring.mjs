// Applies promtool (Debian package `prometheus`) to examples/monitoring: the alarms, their tests, the scrape and the
// expressions of the dashboard. With the address of a running host, to its metrics, too:
//   npm run check:monitoring -- http://127.0.0.1:3000/metrics
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const FOLDER = resolve('examples/monitoring');
const TIMEOUT_MS = 300_000;
const VARIABLES = { $__rate_interval: '5m', $instance: '.*' };

function promtool(args, input) {
  const { status, stdout, stderr, error } = spawnSync('promtool', args, {
    cwd: FOLDER,
    input,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  if (error) throw error;
  return { isWell: status === 0 && !/FAILED/.test(stdout + stderr), text: `${stdout}${stderr}`.trim() };
}

/** Each expression as a recording rule: what promtool can read, Prometheus can answer. */
function dashboardRules() {
  const { panels } = JSON.parse(readFileSync(join(FOLDER, 'dashboard.json'), 'utf8'));
  const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const rules = expressions.map((text, n) => {
    const expr = Object.entries(VARIABLES).reduce((one, [name, value]) => one.replaceAll(name, value), text);
    return { record: `livescore:panel_${n}`, expr };
  });
  return JSON.stringify({ groups: [{ name: 'dashboard', rules }] });
}

function check(name, args, input) {
  const { isWell, text } = promtool(args, input);
  console.log(`${isWell ? 'ok  ' : 'FAIL'}  ${name}`);
  if (isWell) return;
  console.error(text);
  process.exitCode = 1;
}

async function metricsOf(url) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return answer.text();
}

if (spawnSync('promtool', ['--version']).error) {
  console.log('promtool is not installed (Debian package prometheus): nothing was checked');
} else {
  const scratch = mkdtempSync(join(tmpdir(), 'livescore-monitoring-'));
  try {
    const dashboard = join(scratch, 'dashboard.json');
    writeFileSync(dashboard, dashboardRules());
    check('alarms', ['check', 'rules', 'alerts.yml']);
    check('scrape', ['check', 'config', 'prometheus.yml']);
    check('expressions of the dashboard', ['check', 'rules', dashboard]);
    check('tests of the alarms', ['test', 'rules', 'alerts.test.yml']);
    const [url] = process.argv.slice(2);
    if (url) check(`metrics of ${url}`, ['check', 'metrics'], await metricsOf(url));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
