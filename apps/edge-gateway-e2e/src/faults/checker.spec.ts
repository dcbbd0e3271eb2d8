import { Checker } from './checker';

describe('the checker', () => {
  let checker: Checker;
  beforeEach(() => (checker = new Checker()));
  const saw = (gateway: string, revision: number, fact: number) => checker.saw(gateway, checker.newestOf(gateway), { revision, fact });

  it('has nothing against revisions that grow and agree', () => {
    saw('one', 1, 0);
    saw('two', 1, 0);
    saw('one', 2, 0);
    saw('one', 3, 1);
    saw('two', 3, 1);
    expect(checker.takeViolations()).toEqual([]);
    expect(checker.newestOf('one')).toEqual({ revision: 3, fact: 1 });
  });

  it('sees half a revision, on one gateway and on two', () => {
    saw('one', 3, 1);
    saw('one', 3, 2);
    expect(checker.takeViolations()).toEqual([expect.stringContaining('half a revision')]);
    saw('two', 3, 2);
    expect(checker.takeViolations()).toEqual([expect.stringContaining('half a revision')]);
  });

  it('sees a gateway go back, in revisions and in facts', () => {
    saw('one', 3, 3);
    saw('one', 2, 3);
    saw('one', 4, 2);
    expect(checker.takeViolations()).toEqual([expect.stringContaining('from revision 3 to 2'), expect.stringContaining('from fact 3 to 2')]);
  });

  it('lets answers overtake each other that were asked for at the same time', () => {
    const before = checker.newestOf('one');
    checker.saw('one', before, { revision: 2, fact: 1 });
    checker.saw('one', before, { revision: 1, fact: 0 });
    expect(checker.takeViolations()).toEqual([]);
  });

  it('holds a gateway that was started again to what it had kept', () => {
    saw('one', 5, 5);
    checker.restarts('one', { revision: 4, fact: 4 });
    saw('one', 4, 4);
    expect(checker.takeViolations()).toEqual([]);
    saw('one', 3, 3);
    expect(checker.takeViolations()).not.toEqual([]);
  });
});
