import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { askAtTerminal, type Keyboard, progressAt, screenAt, writerTo } from './terminal.js';

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

  it('stops in silence when nobody reads any more, and tells so', async () => {
    let gone = 0;
    const write = writerTo(streamFailingWith('EPIPE'), () => {
      gone += 1;
    });
    write('one');
    await turn();
    expect(gone).toBe(1);
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

describe('a question', () => {
  /** What a terminal takes of keys. */
  function typed(keys: string, isEnd = false): Promise<string> {
    const input = new PassThrough();
    const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
    output.resume();
    const answer = askAtTerminal('Type it: ', input, output);
    input.write(keys);
    if (isEnd) input.end();
    return answer;
  }

  it.each([
    ['a line', 'goalgpt\r', false, 'goalgpt'],
    ['Ctrl-C, which is no failure of the command', 'goal\u0003', false, ''],
    ['Ctrl-D', '\u0004', false, ''],
    ['the end of the input', '', true, ''],
  ])('is answered by %s', async (_what, keys, isEnd, expected) => {
    expect(await typed(keys, isEnd)).toBe(expected);
  });
});

describe('a screen', () => {
  function opened() {
    const written: string[] = [];
    const modes: boolean[] = [];
    const keyboard = Object.assign(new PassThrough(), { setRawMode: (mode: boolean) => modes.push(mode) });
    const display = { write: (text: string) => written.push(text) > 0, rows: 5, columns: 9 };
    let quits = 0;
    const screen = screenAt(keyboard as unknown as Keyboard, display as never, () => {
      quits += 1;
    });
    return { written, modes, keyboard, screen, quits: () => quits };
  }

  it('draws over what was there, and gives the terminal back as it was, once', () => {
    const { written, modes, screen } = opened();
    screen.draw(['one', 'two']);
    screen.close();
    screen.close();
    screen.draw(['late']);
    expect(written).toEqual([
      '\u001b[?1049h\u001b[?25l',
      '\u001b[Hone\u001b[K\r\ntwo\u001b[K\u001b[J',
      '\u001b[?25h\u001b[?1049l',
    ]);
    expect([modes, screen.rows, screen.columns]).toEqual([[true, false], 5, 9]);
  });

  it('quits on q and Ctrl-C, and on nothing else', async () => {
    const { keyboard, screen, quits } = opened();
    for (const key of ['x', 'c', 'q', '\u0003']) {
      keyboard.write(key);
      await turn();
    }
    expect(quits()).toBe(2);
    screen.close();
    keyboard.destroy();
  });
});
