const LENGTH_16 = 126;
const LENGTH_64 = 127;
const MASKED = 0x80;
const LONGEST_HEADER = 14;
const TWO_TO_32 = 2 ** 32;

/**
 * A frame scanner follows the frames of one connection through its chunks, and looks at nothing but their headers: a
 * byte of work for each byte of a header, none for a payload.
 */
export class FrameScanner {
  private readonly header = new Uint8Array(LONGEST_HEADER);
  private headerBytes = 0;
  private payloadLeft = 0;

  /** Does the next byte begin a frame? */
  get isBetweenFrames(): boolean {
    return this.headerBytes === 0 && this.payloadLeft === 0;
  }

  /**
   * Goes on through the first `length` bytes of the chunk until they end or one more frame than `most` would begin.
   * @returns how many frames begin in the bytes gone through, and how many bytes these are
   */
  scan(chunk: Uint8Array, most: number, length = chunk.length): { readonly frames: number; readonly bytes: number } {
    let frames = 0;
    let at = 0;
    while (at < length) {
      if (this.payloadLeft > 0) {
        const skipped = Math.min(this.payloadLeft, length - at);
        this.payloadLeft -= skipped;
        at += skipped;
        continue;
      }
      if (this.headerBytes === 0) {
        if (frames === most) break;
        frames += 1;
      }
      this.header[this.headerBytes++] = chunk[at++]!;
      this.endHeader();
    }
    return { frames, bytes: at };
  }

  private endHeader(): void {
    if (this.headerBytes < 2 || this.headerBytes < this.headerLength()) return;
    this.headerBytes = 0;
    this.payloadLeft = this.payloadLength();
  }

  private headerLength(): number {
    const second = this.header[1]!;
    const length = second & ~MASKED;
    const extended = length === LENGTH_64 ? 8 : length === LENGTH_16 ? 2 : 0;
    return 2 + extended + (second & MASKED ? 4 : 0);
  }

  private payloadLength(): number {
    const length = this.header[1]! & ~MASKED;
    if (length < LENGTH_16) return length;
    const view = new DataView(this.header.buffer);
    return length === LENGTH_16 ? view.getUint16(2) : view.getUint32(2) * TWO_TO_32 + view.getUint32(6);
  }
}
