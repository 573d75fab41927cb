import { Injectable } from '@nestjs/common';

/** The process that started this one, as far as it listens on the channel of `child_process`. */
@Injectable()
export class ParentProcess {
  /** @returns false when there is no parent that listens; a parent that goes away meanwhile is no fault */
  tell(word: string): boolean {
    if (!process.send || !process.connected) return false;
    process.send(word, undefined, undefined, () => undefined);
    return true;
  }
}
