import { describe, expect, it } from '@jest/globals';
import { resolveMqttIngestOptions } from '../../mqtt-ingest.options.js';
import { clientOptions } from './client-options.js';

describe('what the broker is told', () => {
  it('is how much one packet may be, in MQTT 5', () => {
    const options = resolveMqttIngestOptions({ protocolVersion: 5, maxPayloadBytes: 10_000 });
    expect(clientOptions(options, 'me').properties).toEqual({ receiveMaximum: 1_000, maximumPacketSize: 141_072 });
  });

  it('is nothing of that in MQTT 3.1.1, which has no word for it', () => {
    expect(clientOptions(resolveMqttIngestOptions({ maxPayloadBytes: 10_000 }), 'me').properties).toBeUndefined();
  });
});
