import { ProcessorWatch } from './processor-watch';

/** Of half a core there are 100 periods in a second, and 50 in one look. */
function watch() {
  const group = { heldBack: 0 };
  const place = { remain: jest.fn() };
  const told: number[] = [];
  const processor = new ProcessorWatch(0.5, group, place, { heldBack: (cores) => told.push(cores) });
  const looks = (count: number, heldBackInEach: number) => {
    for (let look = 0; look < count; look += 1) {
      group.heldBack += heldBackInEach;
      processor.look(500);
    }
  };
  return { place, told, looks };
}

describe('ProcessorWatch', () => {
  it('leaves alone who comes to the limit now and then', () => {
    const { place, told, looks } = watch();
    looks(100, 37);
    expect(place.remain).not.toHaveBeenCalled();
    expect(told).toEqual([]);
  });

  it('lets stand back who comes to it again and again, from the first look on', () => {
    const { place, looks } = watch();
    looks(1, 38);
    expect(place.remain).toHaveBeenCalledTimes(1);
    looks(9, 50);
    expect(place.remain).toHaveBeenCalledTimes(10);
  });

  it('does not hold against it what was before', () => {
    const group = { heldBack: 1_000 };
    const place = { remain: jest.fn() };
    new ProcessorWatch(0.5, group, place, { heldBack: () => undefined }).look(500);
    expect(place.remain).not.toHaveBeenCalled();
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

  it('adds up what is interrupted for less than ten seconds', () => {
    const { told, looks } = watch();
    looks(7, 50);
    looks(19, 0);
    looks(1, 50);
    expect(told).toEqual([0.5]);
    looks(7, 50);
    looks(20, 0);
    looks(1, 50);
    expect(told).toEqual([0.5]);
  });
});
