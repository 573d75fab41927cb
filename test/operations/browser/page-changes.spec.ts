import { expect, it } from '@jest/globals';
import type { OperationsFacts } from '../../../src/operations/facts.js';
import { eventually } from '../../support/eventually.js';
import { HOSTILE } from './hostile-texts.js';
import { describeInChromium, StandInBench } from './stand-in-bench.js';

describeInChromium('a change on the operations page', (browserPath) => {
  const bench = new StandInBench(browserPath);
  const dialog = () => bench.page.locator('dialog[open]');
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await bench.page.keyboard.press(key);
  };

  it('is made with the keyboard: who, why, what will happen, and once more', async () => {
    const { host, page, open } = bench;
    host.preview = { isDestructive: true, summary: 'All matches go the legacy way.', lines: [HOSTILE[0] ?? ''] };
    await open();
    await page.locator('button:has-text("Change the stage")').focus();
    await press('Enter');
    await dialog().waitFor();
    await page.selectOption('dialog select[name="stage"]', 'legacy');
    await page.fill('dialog input[name="by"]', 'kaan');
    await page.fill('dialog input[name="reason"]', 'scores are late');
    await press('Enter');
    await page.waitForSelector('dialog .preview:not([hidden])');
    expect(await page.innerText('dialog .preview')).toBe(`All matches go the legacy way.\n${HOSTILE[0]}`);
    expect(host.sent.map(({ isPreview }) => isPreview)).toEqual([true]);
    // the key that asked for the preview does not agree to it
    await press('Enter');
    expect(host.sent).toHaveLength(1);
    await press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Yes, do it');
    await press('Enter');
    await page.waitForSelector('dialog .preview:has-text("It has been done.")');
    expect(host.sent[1]).toEqual({
      name: 'stage',
      isPreview: false,
      token: 'a-token',
      body: { stage: 'legacy', by: 'kaan', reason: 'scores are late', expected: 'seen-1' },
    });
    await press('Enter');
    await dialog().waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Change the stage');
  });

  it('is left by Escape, and nothing was asked', async () => {
    const { host, page, open } = bench;
    await open();
    await page.click('text=Pin a match');
    await press('Escape');
    await dialog().waitFor({ state: 'detached' });
    expect(host.sent).toEqual([]);
  });

  it('is shown anew when a field is another one than in the preview', async () => {
    const { host, page, open } = bench;
    await open();
    await page.click('text=Run now');
    await page.fill('dialog input[name="by"]', 'kaan');
    await page.fill('dialog input[name="reason"]', 'teams are missing');
    await page.click('text=What will happen');
    await page.waitForSelector('dialog button:has-text("Do it")');
    await page.selectOption('dialog select[name="kind"]', 'full');
    await page.click('text=What will happen');
    await eventually(() => host.sent.length === 2, { what: 'the second preview' });
    expect(host.sent.map(({ isPreview, body }) => [isPreview, body.kind])).toEqual([
      [true, 'incremental'],
      [true, 'full'],
    ]);
  });

  it('that is refused says why, as text', async () => {
    const { host, page, open } = bench;
    host.refusal = `percent must be 0 to 100 ${HOSTILE[0]}`;
    await open();
    await page.click('text=Settle a match again');
    await page.fill('dialog input[name="matchId"]', 'm1');
    await page.fill('dialog input[name="by"]', 'kaan');
    await page.fill('dialog input[name="reason"]', 'x');
    await page.click('text=What will happen');
    await page.waitForSelector('dialog .error:not(:empty)');
    expect(await page.innerText('dialog .error')).toBe(host.refusal);
    expect(await page.isVisible('dialog .preview')).toBe(false);
  });

  it('asks for no name of whom the guard knows, and offers what the host offers only', async () => {
    const { host, page, open } = bench;
    host.facts = { ...host.facts, actor: 'kaan@example.org', actions: ['pin'] } satisfies OperationsFacts;
    await open();
    expect(await page.isVisible('text=Change the stage')).toBe(false);
    expect(await page.isVisible('text=Run now')).toBe(false);
    await page.click('text=Pin a match');
    expect(await page.locator('dialog input[name="by"]').count()).toBe(0);
    await page.fill('dialog input[name="matchId"]', 'm7');
    await page.selectOption('dialog select[name="route"]', '');
    await page.fill('dialog input[name="reason"]', 'well again');
    await page.click('text=What will happen');
    await eventually(() => host.sent.length === 1, { what: 'the preview' });
    expect(host.sent[0]?.body).toEqual({ matchId: 'm7', route: null, reason: 'well again' });
  });
});
