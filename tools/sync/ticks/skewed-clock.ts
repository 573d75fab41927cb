// Loaded before a worker (`node --import`): every clock of the process is wrong by CHAOS_CLOCK_MS, as on a machine whose clock is.
const SystemDate = Date;
const offsetMs = Number(process.env.CHAOS_CLOCK_MS ?? 0);
const now = () => SystemDate.now() + offsetMs;

globalThis.Date = new Proxy(SystemDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});
