type Closer = () => Promise<void> | void;

/** What must not be left behind, whatever happens: closed in reverse order, each once, all of it even if some fail. */
export class Cleanup {
  private readonly closers: Closer[] = [];

  add(close: Closer): void {
    this.closers.push(close);
  }

  async run(): Promise<void> {
    for (let close = this.closers.pop(); close; close = this.closers.pop()) {
      try {
        await close();
      } catch (error) {
        console.error('Cleaning up:', error);
      }
    }
  }
}
