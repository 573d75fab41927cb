import type { Type } from '@nestjs/common';
import { InvalidOptionError, type OptionFault } from './livescore.errors.js';
import { describeReceived } from './options-received.js';

/**
 * A rule reads one option: it says what a missing value becomes, and tells the place of every other value that the
 * option cannot have. What it returns beside a fault is never used: the reader throws.
 */
export type OptionRule<Value> = (value: unknown, place: OptionPlace) => Value;
export type OptionRules = Readonly<Record<string, OptionRule<unknown>>>;
/** What the rules make of the options. */
export type OptionValues<Rules extends OptionRules> = { readonly [Name in keyof Rules]: ReturnType<Rules[Name]> };

/** A place is one option of one module: it collects what is wrong there. */
export class OptionPlace {
  constructor(
    private readonly module: string,
    private readonly option: string,
    private readonly faults: OptionFault[],
  ) {}

  /** The option of that name inside this one. */
  inside(name: string): OptionPlace {
    return new OptionPlace(this.module, this.option === '' ? name : `${this.option}.${name}`, this.faults);
  }

  /** @param received how the value is told, when it must not be told as it is */
  refuse(expected: string, value: unknown, received = describeReceived(this.option, value)): void {
    this.faults.push({ module: this.module, option: this.option || 'options', expected, received });
  }

  /** Takes over what the options of a whole feature have wrong. */
  adopt(faults: readonly OptionFault[]): void {
    this.faults.push(...faults);
  }
}

/**
 * Reads the options of a module, or a part of them.
 * @throws InvalidOptionError with every fault of all of them
 */
export function readOptions<Value>(module: string, rule: OptionRule<Value>, options: unknown): Value {
  const faults: OptionFault[] = [];
  const value = rule(options, new OptionPlace(module, '', faults));
  if (faults.length > 0) throw new InvalidOptionError(faults);
  return value;
}

/**
 * Makes the base of a module's resolved options: a class, so that it is its own injection token. Its constructor takes
 * the options as the host gave them and throws `InvalidOptionError`.
 */
export function optionsOf<Value extends object>(module: string, rule: OptionRule<Value>): Type<Value> {
  return class {
    constructor(options?: object) {
      Object.assign(this, readOptions(module, rule, options));
    }
  } as Type<Value>;
}
