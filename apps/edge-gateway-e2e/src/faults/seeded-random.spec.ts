import { SeededRandom } from './seeded-random';

describe('a seeded schedule', () => {
  const draw = (seed: number, label?: string) => {
    const random = new SeededRandom(seed, label);
    return Array.from({ length: 200 }, () => random.between(1, 6));
  };

  it('is the same for the same seed, and another for another seed or purpose', () => {
    expect(draw(7, 'a')).toEqual(draw(7, 'a'));
    expect(draw(7, 'a')).not.toEqual(draw(8, 'a'));
    expect(draw(7, 'a')).not.toEqual(draw(7, 'b'));
  });

  it('has every number of its range in it, and no other', () => {
    expect([...new Set(draw(1))].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('puts everything into another order and loses nothing', () => {
    const items = Array.from({ length: 20 }, (_, index) => index);
    const shuffled = new SeededRandom(3).shuffled(items);
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
  });
});
