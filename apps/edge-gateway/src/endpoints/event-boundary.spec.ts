import { EventBoundary } from './event-boundary';

const after = (...parts: string[]) => {
  const boundary = new EventBoundary();
  for (const part of parts) boundary.push(Buffer.from(part));
  return boundary.reached;
};

describe('EventBoundary', () => {
  it.each([[[]], [['data: 1\n\n']], [['data: 1\r\n\r\n']], [['data: 1\r\r']], [['data: 1\n', '\n']], [['data: 1\r', '\n\r', '\n']], [['data: 1\n\n', ': hello\n\n']], [['\n\n']]])('is reached after %j', (parts) => {
    expect(after(...parts)).toBe(true);
  });

  it.each([[['d']], [['data: 1\n']], [['data: 1\r\n']], [['data: 1\n\nid: 2']], [['data: 1\n', 'data: 2\n']], [['data: 1\r', '\n']], [['x\r\n', 'y\r\n']]])('is not reached after %j', (parts) => {
    expect(after(...parts)).toBe(false);
  });
});
