/**
 * Moves the wall clock of this process: what `Date` says, which is all that a Node program asks. Timers and `performance.now()` go on
 * as they do on a machine whose clock is set.
 */
export function movedClock(): { move(offsetMs: number): void } {
  const RealDate = Date;
  let offset = 0;
  const now = (): number => RealDate.now() + offset;
  // Not a class of its own: what the runtime itself makes has to stay an instance.
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
    apply: (target) => new target(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  });
  return { move: (offsetMs) => void (offset = offsetMs) };
}
