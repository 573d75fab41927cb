import { describe, expect, it } from '@jest/globals';
import { type BroadcastOptions, resolveBroadcastOptions } from '../../broadcast.options.js';
import { ClientPlaces, type Place } from './client-places.js';

function placesWith(options: BroadcastOptions) {
  const time = { ms: 0 };
  return { time, places: new ClientPlaces(resolveBroadcastOptions(options), () => time.ms) };
}

const refusalsOf = (taken: readonly (Place | string)[]) => taken.filter((one) => typeof one === 'string');

describe('the places of one process', () => {
  it('are bounded, and each is given back once', () => {
    const { places } = placesWith({ maxClients: 2 });
    const first = places.take(null) as Place;
    const second = places.take('203.0.113.7') as Place;
    expect([places.take(null), places.take('203.0.113.8'), places.taken]).toEqual(['full', 'full', 2]);
    first.giveBack();
    first.giveBack();
    expect([places.taken, typeof places.take(null), places.take(null)]).toEqual([1, 'object', 'full']);
    second.giveBack();
  });

  it('are bounded per address, and not where it is unknown', () => {
    const { places } = placesWith({ maxClientsPerAddress: 2 });
    const [first] = [places.take('a'), places.take('a')];
    expect([places.take('a'), typeof places.take('b')]).toEqual(['address-full', 'object']);
    expect(refusalsOf(Array.from({ length: 50 }, () => places.take(null)))).toEqual([]);
    (first as Place).giveBack();
    expect(typeof places.take('a')).toBe('object');
  });

  it('are not taken in turn without end: per address, even when all were given back, and together', () => {
    const { places, time } = placesWith({
      maxClientsPerAddress: 5,
      handshakesPerSecondPerAddress: 2,
      handshakesPerSecond: 5,
    });
    const churn = (address: string | null, times: number) =>
      refusalsOf(
        Array.from({ length: times }, () => {
          const place = places.take(address);
          if (typeof place === 'object') place.giveBack();
          return place;
        }),
      );
    expect(churn('a', 7)).toEqual(['address-too-often', 'address-too-often']);
    time.ms = 1_000;
    expect(churn('a', 3)).toEqual(['address-too-often']);
    time.ms = 2_000;
    expect(churn(null, 25)).toHaveLength(5);
    expect(places.taken).toBe(0);
  });

  it('let an address send twenty times what a client may, whatever it comes back as', () => {
    const { places } = placesWith({ messagesPerSecond: 2 });
    const spend = (frames: number) => {
      const place = places.take('a') as Place;
      for (const { frames: allowance } of place.allowances) allowance.spend(frames);
      place.giveBack();
      return place.allowances.map((one) => one.frames.available(0));
    };
    expect(spend(50)).toEqual([0, 750]);
    expect(spend(50)).toEqual([0, 700]);
  });

  it('let two of the longest messages come at once', () => {
    expect(placesWith({ maxMessageBytes: 1_048_576 }).places.mostBytesAtOnce).toBeGreaterThan(2_097_152);
    expect(placesWith({}).places.mostBytesAtOnce).toBe(33_280);
    expect(placesWith({ maxMessageBytes: 4_096 }).places.mostBytesAtOnce).toBe(20_480);
  });
});
