/** Files that run on this Node.js instead of being executed themselves. */
const NODE_SCRIPT = /\.(?:js|mjs|cjs)$/;

export function runsOnNode(path: string): boolean {
  return NODE_SCRIPT.test(path);
}
