import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import type { Browser, Page } from 'playwright-core';
import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import type { RunningHost } from '../../examples/host/start-host.js';
import { startBroker, type TestBroker } from '../support/broker.js';
import { chromiumPath, launchBrowser } from '../support/browser.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { seedMatch, startExampleHost } from '../support/example-host.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';
import { TcpGate } from '../support/tcp-gate.js';

guardAgainstLeaks();

const KICKOFF_S = Math.floor(Date.now() / 1000) - 600;
const executablePath = chromiumPath();

if (executablePath) {
  describe('scoreboard page on two example hosts', () => testPage(executablePath));
} else {
  it('the page on example hosts is NOT tested: no Chromium on this machine (install it or set CHROMIUM_PATH)', () => {
    expect(chromiumPath()).toBeNull();
  });
}

function testPage(browserPath: string): void {
  let database: TestDatabase;
  let broker: TestBroker;
  let hosts: RunningHost[];
  let publisher: MqttClient;
  let browser: Browser;
  let page: Page;
  /** the balancer: its target is the host that serves */
  let gate: TcpGate;
  const target = new URL('http://127.0.0.1');

  const startHost = async (instance: number): Promise<RunningHost> => {
    const before = process.env.NODE_APP_INSTANCE;
    process.env.NODE_APP_INSTANCE = String(instance);
    try {
      return await startExampleHost({ databaseUrl: database.url, mqttUrl: broker.url });
    } finally {
      if (before === undefined) delete process.env.NODE_APP_INSTANCE;
      else process.env.NODE_APP_INSTANCE = before;
    }
  };
  const serveBy = (instance: number) => {
    target.port = new URL((hosts[instance] as RunningHost).url).port;
  };

  beforeAll(async () => {
    // the hosts serve it from where `npm run host` writes it
    execFileSync(process.execPath, ['scripts/build-client.mjs']);
    database = await createTestDatabase({ platformSchema: false, migrate: false });
    broker = await startBroker();
    hosts = [await startHost(0)];
    hosts.push(await startHost(1));
    publisher = await connectAsync(broker.url, { reconnectPeriod: 0 });
    gate = new TcpGate(target);
    serveBy(0);
    await gate.open();
    browser = await launchBrowser(browserPath);
    page = await browser.newPage();
    // what is published before is lost
    await eventually(async () => (await feedOf(0))?.subscribed || (await feedOf(1))?.subscribed, {
      what: 'a host to take the feed',
    });
  });

  afterAll(async () => {
    await browser.close();
    await gate.shut();
    await publisher.endAsync();
    for (const host of hosts) await host.close();
    await broker.stop();
    await database.drop();
  });

  const publish = (home: number) => {
    const score = ['m1', 2, [home, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], KICKOFF_S];
    return publisher.publishAsync(PROVIDER_TOPIC, JSON.stringify([{ id: 'm1', score }]));
  };
  const shows = (home: number) =>
    eventually(async () => (await page.innerText('article[data-match-id="m1"] .home .score')) === String(home), {
      what: `${home} goals on the page`,
      timeoutMs: 45_000,
    });
  const breakConnections = async () => {
    await gate.shut();
    await gate.open();
  };
  const watchScores = () =>
    page.evaluate(`{
      const score = document.querySelector('article[data-match-id="m1"] .home .score');
      globalThis.scoresSeen = [score.textContent];
      new MutationObserver(() => scoresSeen.push(score.textContent)).observe(score, { childList: true, characterData: true });
    }`);
  const feedOf = async (instance: number) => {
    const health = await (await fetch(`${(hosts[instance] as RunningHost).url}/health`)).json();
    return (health as { feed?: { subscribed?: boolean } }).feed;
  };

  it('shows every score in its order, and no other, over changes of instance and a restart', async () => {
    await seedMatch(database.url, 'm1');
    await publish(0);
    await page.goto(gate.url);
    await page.waitForSelector('article[data-match-id="m1"]');
    await watchScores();
    await publish(1);
    await shows(1);
    // the standby serves, and hears of the goal by the journal
    serveBy(1);
    await breakConnections();
    await publish(2);
    await shows(2);
    await gate.shut();
    await publish(3);
    await gate.open();
    await shows(3);
    // the holder goes, the standby takes the feed while the page is on it
    await hosts[0]?.close();
    await eventually(async () => (await feedOf(1))?.subscribed, {
      what: 'the standby to take the feed',
      timeoutMs: 30_000,
    });
    await publish(4);
    await shows(4);
    hosts[0] = await startHost(0);
    serveBy(0);
    await breakConnections();
    await publish(5);
    await shows(5);
    expect(await page.evaluate('scoresSeen')).toEqual(['0', '1', '2', '3', '4', '5']);
  }, 240_000);
}
