import { describe, expect, it } from '@jest/globals';
import { Greeting } from './greeting.js';

const messages = (...texts: string[]) => texts.map((text) => Buffer.from(text));
const texts = (greeting: Greeting) => greeting.messages.map((message) => message.toString());

describe('the greeting', () => {
  it('keeps the messages in order, and forgets them when told to', () => {
    const greeting = new Greeting(100);
    greeting.add(messages('a', 'b'));
    greeting.add(messages('c'));
    expect(texts(greeting)).toEqual(['a', 'b', 'c']);
    greeting.clear();
    greeting.add(messages('d'));
    expect(texts(greeting)).toEqual(['d']);
  });

  it('lets the oldest go when they are too many bytes', () => {
    const greeting = new Greeting(10);
    greeting.add(messages('aaaa', 'bbbb', 'cccc'));
    expect(texts(greeting)).toEqual(['bbbb', 'cccc']);
    greeting.add(messages('dd'));
    expect(texts(greeting)).toEqual(['bbbb', 'cccc', 'dd']);
    greeting.add(messages('eeeeeeeeeee'));
    expect(texts(greeting)).toEqual([]);
  });
});
