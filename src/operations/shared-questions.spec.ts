import { beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualScheduler, VirtualTime } from '../../test/support/virtual-scheduler.js';
import { SharedQuestions } from './shared-questions.js';

describe('SharedQuestions', () => {
  let time: VirtualTime;
  let asked: string[];
  let release: (answer: number | null) => void;
  let questions: SharedQuestions<number | null>;

  beforeEach(() => {
    time = new VirtualTime();
    asked = [];
    questions = new SharedQuestions(new VirtualScheduler(time));
  });

  const ask = (key: string) =>
    questions.ask(key, () => {
      asked.push(key);
      return new Promise((resolve) => {
        release = resolve;
      });
    });

  it('asks once for all who want to know the same, and again for who comes later', async () => {
    const answers = [ask('a'), ask('a')];
    release(7);
    expect([await Promise.all(answers), asked]).toEqual([[7, 7], ['a']]);
    const next = ask('a');
    release(null);
    expect([await next, asked]).toEqual([null, ['a', 'a']]);
  });

  it('asks for each key by itself', () => {
    void ask('a');
    void ask('b');
    expect(asked).toEqual(['a', 'b']);
  });

  it('refuses who has waited two seconds, and asks no second time while the first question hangs', async () => {
    const late = expect(ask('a')).rejects.toMatchObject({ status: 503, code: 'LIVESCORE_DATABASE' });
    await time.advance(2_000);
    await late;
    const joined = ask('a');
    release(7);
    expect([await joined, asked]).toEqual([7, ['a']]);
  });

  it('fails as the question does, for all who wait, and can be asked again', async () => {
    const fail = () => questions.ask('a', () => Promise.reject(new Error('no')));
    const failed = await Promise.allSettled([fail(), fail()]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await questions.ask('a', async () => 1)).toBe(1);
  });
});
