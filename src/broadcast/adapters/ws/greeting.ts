/** Messages for those who connect, oldest first; the oldest give way when they are more than `maxBytes`. */
export class Greeting {
  private kept: Buffer[] = [];
  private bytes = 0;

  constructor(private readonly maxBytes: number) {}

  get messages(): readonly Buffer[] {
    return this.kept;
  }

  add(messages: readonly Buffer[]): void {
    for (const message of messages) {
      this.kept.push(message);
      this.bytes += message.length;
    }
    let dropped = 0;
    while (this.bytes > this.maxBytes) this.bytes -= this.kept[dropped++]?.length ?? this.bytes;
    if (dropped > 0) this.kept = this.kept.slice(dropped);
  }

  clear(): void {
    this.kept = [];
    this.bytes = 0;
  }
}
