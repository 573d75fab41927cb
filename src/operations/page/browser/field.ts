/** A field of a dialog. What was not changed is left out of the body where the field says so. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'number' | 'select' | 'check';
  readonly value?: string;
  /** of a select: value and words */
  readonly choices?: readonly (readonly [value: string, words: string])[];
  /** longest text, or highest number */
  readonly most?: number;
  readonly isRequired?: boolean;
  /** an empty text is an answer, too */
  readonly isAlwaysSent?: boolean;
  /** what is as it was stays as it is */
  readonly onlyChanged?: boolean;
  /** what the text means; the text itself when left out */
  readonly read?: (text: string) => unknown;
}
