import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { progressAt, writerTo } from './terminal.js';

function streamFailingWith(code: string): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })) });
}

const turn = () => new Promise(setImmediate);

describe('a writer to a stream', () => {
  it('writes lines', () => {
    const chunks: string[] = [];
    writerTo(new Writable({ write: (chunk, _encoding, done) => done(void chunks.push(String(chunk)) as never) }))(
      'one',
    );
    expect(chunks).toEqual(['one\n']);
  });

  it('stops in silence when nobody reads any more', async () => {
    const write = writerTo(streamFailingWith('EPIPE'));
    write('one');
    await turn();
    expect(() => write('two')).not.toThrow();
    await turn();
  });
});

describe('a line of progress', () => {
  it('is written over, taken away, and cut where it would wrap', () => {
    const chunks: string[] = [];
    const terminal = Object.assign(
      new Writable({ write: (chunk, _encoding, done) => done(void chunks.push(String(chunk)) as never) }),
      { columns: 6 },
    );
    const progress = progressAt(terminal);
    progress('one');
    progress('seventeen');
    progress(null);
    expect(chunks).toEqual(['\r\u001b[2Kone', '\r\u001b[2Kseven', '\r\u001b[2K']);
  });
});
