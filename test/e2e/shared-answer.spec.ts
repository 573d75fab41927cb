import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { SharedAnswer } from '../../examples/host/shared-answer.js';
import { guardAgainstLeaks } from '../support/leak-guard.js';

guardAgainstLeaks();

function responseOf(headers = new Map<string, unknown>()): { response: ServerResponse; headers: Map<string, unknown> } {
  const response = { setHeader: (name: string, value: unknown) => headers.set(name, value) };
  return { response: response as unknown as ServerResponse, headers };
}

describe('an answer that is shared', () => {
  it('is made a few times for a thousand who ask at once, and shows each what was there when it asked', async () => {
    let [goals, made] = [0, 0];
    const answer = new SharedAnswer(async () => {
      made += 1;
      return { goals };
    });
    const asked: Promise<void>[] = [];
    for (let n = 0; n < 1_000; n++) {
      goals = n;
      const atLeast = n;
      asked.push(
        answer.to(responseOf().response).then((body) => {
          expect(JSON.parse(body).goals).toBeGreaterThanOrEqual(atLeast);
        }),
      );
      if (n % 100 === 0) await new Promise(setImmediate);
    }
    await Promise.all(asked);
    expect(made).toBeLessThan(30);
  });

  it('has a type, and a tag that changes with it', async () => {
    let goals = 0;
    const answer = new SharedAnswer(async () => [goals]);
    const [first, same, other] = [responseOf(), responseOf(), responseOf()];
    expect(await answer.to(first.response)).toBe('[0]');
    await answer.to(same.response);
    goals = 1;
    expect(await answer.to(other.response)).toBe('[1]');
    expect(first.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(same.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(other.headers.get('etag')).not.toBe(first.headers.get('etag'));
  });

  it('fails for who asked, not for who asks later', async () => {
    let fails = true;
    const answer = new SharedAnswer(async () => {
      if (fails) throw new Error('away');
      return [];
    });
    await expect(answer.to(responseOf().response)).rejects.toThrow('away');
    const together = [answer.to(responseOf().response), answer.to(responseOf().response)];
    fails = false;
    expect(await Promise.all(together)).toEqual(['[]', '[]']);
  });
});
