import { expect, it } from '@jest/globals';
import { HOSTILE, UNSHOWN } from './hostile-texts.js';
import { sampleLetter, sampleLetterText } from './sample-answers.js';
import { sampleFacts } from './sample-facts.js';
import { liveMatch, section } from './sample-stored.js';
import { describeInChromium, StandInBench } from './stand-in-bench.js';

describeInChromium('operations page', (browserPath) => {
  const bench = new StandInBench(browserPath);

  it('shows hostile names, ids and details as text, and runs nothing of them', async () => {
    const { host, page, open } = bench;
    const { stored, service } = sampleFacts();
    const matches = HOSTILE.map((text, n) => liveMatch(`${text}${n}`, { home: text, away: text, source: text }));
    const settlement = stored.settlement?.value;
    const reversal = settlement?.reversals[0];
    host.facts = {
      ...host.facts,
      service: { ...service, name: HOSTILE[0] ?? '' },
      database: { ok: false, error: HOSTILE.join(' '), sinceMs: null },
      feedHistory: HOSTILE.map((reason, n) => ({ atMs: n, from: 'live', to: reason, reason })),
      goals: host.facts.goals.map((goal, n) => ({ ...goal, home: HOSTILE[n % HOSTILE.length] ?? null })),
      stored: {
        ...stored,
        matches: section(matches),
        deadLetters: section(HOSTILE.map((reason) => ({ reason, letters: 1, bytes: 1, waiting: 0 }))),
        ...(settlement &&
          reversal && {
            settlement: section({
              ...settlement,
              reversals: HOSTILE.map((reason) => ({ ...reversal, reason, matchId: reason })),
            }),
          }),
        foreignWriters: section({
          mode: 'on',
          changedAtMs: 1,
          changedBy: HOSTILE[1] ?? '',
          reason: HOSTILE[4] ?? '',
          lastHour: Object.fromEntries(HOSTILE.map((result) => [result, 1])),
          last: [],
        }),
      },
    };
    host.answers.set('dead-letters', {
      letters: HOSTILE.map((detail, id) => sampleLetter({ id: String(id), detail, matchId: detail })),
    });
    host.answers.set('dead-letters/0', sampleLetterText(HOSTILE.join('\n')));
    await open();
    await page.click('text=List the newest');
    await page.locator('#letters-body button:has-text("Read")').first().click();
    await page.waitForSelector('dialog[open] pre');
    const text = await page.evaluate<string>('document.body.textContent');
    for (const hostile of HOSTILE.slice(0, 4)) expect(text).toContain(hostile);
    expect(text).toContain('\\u202egnitset\\u202c');
    expect(text).toContain('a\\u0000b\\u001b[2J\\u0007');
    expect(text.replaceAll('\n', '')).not.toMatch(UNSHOWN);
    expect(await page.innerText('dialog pre')).toBe(
      HOSTILE.map((one) =>
        one.replaceAll(new RegExp(UNSHOWN, 'gu'), (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`),
      ).join('\n'),
    );
    expect(await page.evaluate('document.querySelectorAll("img, svg, body script, iframe").length')).toBe(0);
    expect(await page.title()).toContain(': operations');
  });
});
