import { describe, expect, it } from '@jest/globals';
import { Clock } from './clock.js';
import { structuredEvent } from './structured-event.js';

class FixedClock extends Clock {
  override nowMs(): number {
    return 1_700_000_000_999;
  }
}
const clock = new FixedClock();

describe('structuredEvent', () => {
  it('carries service, component, event, whole seconds and level', () => {
    expect(structuredEvent('websocket.msg.rate', { messages_since_last: 3 }, clock)).toEqual({
      service: 'goalgpt-dashboard',
      component: 'websocket',
      event: 'websocket.msg.rate',
      ts: 1_700_000_000,
      level: 'info',
      messages_since_last: 3,
    });
  });

  it('takes the level from the fields and lets no field overwrite the others', () => {
    const built = structuredEvent(
      'mqtt.direct_write.error',
      { level: 'error', event: 'x', service: 'y', ts: 1 },
      clock,
    );
    expect(built).toMatchObject({ level: 'error', event: 'mqtt.direct_write.error', service: 'goalgpt-dashboard' });
    expect(built.ts).toBe(1_700_000_000);
    expect(built.component).toBe('mqtt');
  });

  it.each(['clientSecret', 'PASSWORD', 'access_token', 'api_key', 'apiKey', 'authorization'])('redacts %s', (name) => {
    expect(structuredEvent('a.b', { [name]: 'x', options: { [name]: 'x', kept: 1 } }, clock)).toMatchObject({
      [name]: '[REDACTED]',
      options: { [name]: '[REDACTED]', kept: 1 },
    });
  });
});
