/** One answer of a route of the page. */
export interface PageAnswer {
  readonly status: number;
  /** an object is sent as JSON */
  readonly body: object | string;
  /** of a text */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
}
