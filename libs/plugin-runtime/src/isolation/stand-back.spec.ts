import { FakeClock } from '@sluice/kernel';
import { StandBack } from './stand-back';

function setUp() {
  const clock = new FakeClock();
  const moves: boolean[] = [];
  return { clock, moves, place: new StandBack(clock, { standBack: (back) => moves.push(back) }) };
}

it('is left again after ten seconds of modesty, counted from the last time', () => {
  const { clock, moves, place } = setUp();
  place.remain();
  clock.advance(9_000);
  place.remain();
  clock.advance(9_999);
  expect(moves).toEqual([true]);
  clock.advance(1);
  expect(moves).toEqual([true, false]);
  place.remain();
  expect(moves).toEqual([true, false, true]);
});

it('is nobody\'s any more once it was stopped', () => {
  const { clock, moves, place } = setUp();
  place.remain();
  place.stop();
  place.remain();
  clock.advance(60_000);
  expect(moves).toEqual([true]);
});
