import { killGroup } from './kill-group';

const failing = (code: string) => jest.spyOn(process, 'kill').mockImplementation(() => {
  throw Object.assign(new Error(code), { code });
});

afterEach(() => jest.restoreAllMocks());

describe('killGroup', () => {
  it.each(['ESRCH', 'EPERM'])('is content when the group cannot be signalled any more: %s', (code) => {
    failing(code);
    expect(() => killGroup(4_000_000, 'SIGKILL')).not.toThrow();
  });

  it('tells of any other failure', () => {
    failing('EINVAL');
    expect(() => killGroup(4_000_000, 'SIGKILL')).toThrow('EINVAL');
  });

  it.each([0, 1])('never signals the host itself or everybody: %s', (pid) => {
    const kill = failing('unexpected');
    expect(() => killGroup(pid, 'SIGKILL')).toThrow("not a plugin's");
    expect(kill).not.toHaveBeenCalled();
  });
});
