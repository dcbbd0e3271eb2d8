import { ProcessorWatch } from './processor-watch';

/** Of half a core there are 100 periods in a second, and 50 in one look. */
function watch() {
  const group = { heldBack: 0, standsBack: [] as boolean[], standBack: (back: boolean) => void group.standsBack.push(back) };
  const told: number[] = [];
  const processor = new ProcessorWatch(0.5, group, { heldBack: (cores) => told.push(cores) });
  const looks = (count: number, heldBackInEach: number) => {
    for (let look = 0; look < count; look += 1) {
      group.heldBack += heldBackInEach;
      processor.look(500);
    }
  };
  return { group, told, looks };
}

describe('ProcessorWatch', () => {
  it('leaves alone who comes to the limit now and then', () => {
    const { group, told, looks } = watch();
    looks(100, 37);
    expect([group.standsBack, told]).toEqual([[], []]);
  });

  it('puts behind others who comes to it again and again, at the first look', () => {
    const { group, looks } = watch();
    looks(1, 38);
    expect(group.standsBack).toEqual([true]);
    looks(20, 50);
    expect(group.standsBack).toEqual([true]);
  });

  it('lets it come back after ten seconds in which it was modest', () => {
    const { group, looks } = watch();
    looks(3, 50);
    looks(19, 10);
    expect(group.standsBack).toEqual([true]);
    looks(1, 10);
    expect(group.standsBack).toEqual([true, false]);
    looks(1, 50);
    expect(group.standsBack).toEqual([true, false, true]);
  });

  it('counts the ten seconds from the last time', () => {
    const { group, looks } = watch();
    looks(1, 50);
    looks(19, 0);
    looks(1, 50);
    looks(19, 0);
    expect(group.standsBack).toEqual([true]);
  });

  it('tells only what lasts, and again while it lasts', () => {
    const { told, looks } = watch();
    looks(7, 50);
    expect(told).toEqual([]);
    looks(1, 50);
    expect(told).toEqual([0.5]);
    looks(8, 50);
    expect(told).toEqual([0.5, 0.5]);
  });
});
