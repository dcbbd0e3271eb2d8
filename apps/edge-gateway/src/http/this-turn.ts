let turn = 0;
let isCounted = false;

/** A number that is the same all through a turn of the event loop, and another one in the next. */
export function thisTurn(): number {
  if (!isCounted) {
    isCounted = true;
    setImmediate(count);
  }
  return turn;
}

function count(): void {
  isCounted = false;
  turn += 1;
}
