// Loaded before a worker (`node --import`): every clock of the process is wrong by that, as on a machine whose clock is.

/** Milliseconds that the process is ahead of the true time. */
export const CLOCK_VARIABLE = 'CHAOS_CLOCK_MS';

const SystemDate = Date;
const offsetMs = Number(process.env[CLOCK_VARIABLE] ?? 0);
const now = () => SystemDate.now() + offsetMs;

if (offsetMs !== 0) {
  globalThis.Date = new Proxy(SystemDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
}
