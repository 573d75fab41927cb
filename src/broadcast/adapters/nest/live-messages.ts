import 'reflect-metadata';

const PARAMETERS = '__livescore_message_parameters__';
/** The body of a request or message, as Nest numbers it: pipes see it as `body`, and no other parameter. */
const BODY = 3;
const MESSAGE_INDEX = 1;

function theMessage(target: object, method: string | symbol | undefined, index: number): void {
  const parameter = { index, data: undefined, pipes: [] };
  if (method) Reflect.defineMetadata(PARAMETERS, { [`${BODY}:${index}`]: parameter }, target.constructor, method);
}

/** The handler that guards and interceptors see: `context.getClass()` is this class, `context.getHandler()` its method. */
export class LiveMessages {
  /** @returns what the pipes made of the message: the innermost interceptor hands it on */
  onMessage(@theMessage message: unknown): unknown {
    return message;
  }
}

/** How Nest finds the parameter of the handler among the arguments [client, message, pattern]. */
export const MESSAGE_PARAMETER = {
  metadataKey: PARAMETERS,
  factory: {
    exchangeKeyForValue: (_type: number, _data: unknown, args: readonly unknown[]) => args[MESSAGE_INDEX],
  },
} as const;
