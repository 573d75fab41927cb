import { describe, expect, it } from '@jest/globals';
import type { HealthFacts } from '../contracts/health-facts.js';
import { HealthProbe } from '../contracts/health-probe.js';
import { LiveScoreMetrics } from '../kernel/livescore-metrics.js';
import { CollectedProbes } from './collected-probes.js';
import { HealthGauges } from './health-gauges.js';

class CountedProbe extends HealthProbe {
  asked = 0;

  override health(): Pick<HealthFacts, 'clients' | 'disputed'> {
    this.asked += 1;
    return { clients: this.asked, disputed: 4 };
  }
}

describe('gauges of what health knows', () => {
  it('are read together once for each scrape', async () => {
    const [metrics, probes] = [new LiveScoreMetrics(), new CollectedProbes()];
    const probe = new CountedProbe(probes);
    new HealthGauges(metrics, probes);
    for (const scrape of [1, 2]) {
      const text = await metrics.registry.metrics();
      expect(probe.asked).toBe(scrape);
      expect(text).toMatch(/^livescore_\w*disputed\w* 4$/m);
    }
  });
});
