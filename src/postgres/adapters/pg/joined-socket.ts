import { Socket } from 'node:net';

/** Larger ones are cheaper to write where they are than to copy. */
const MOST_JOINED_BYTES = 16_384;

interface Chunk {
  readonly chunk: Buffer;
  readonly encoding: BufferEncoding;
}

/** A socket writes the small messages of a statement in one piece: a vector of them costs a sixth more. */
export class JoinedSocket extends Socket {
  override _writev(chunks: Chunk[], done: (error?: Error | null) => void): void {
    const length = chunks.reduce((sum, { chunk }) => sum + chunk.length, 0);
    if (length > MOST_JOINED_BYTES) {
      super._writev?.(chunks, done);
      return;
    }
    const joined = Buffer.concat(
      chunks.map(({ chunk }) => chunk),
      length,
    );
    this._write(joined, 'buffer' as BufferEncoding, done);
  }
}
