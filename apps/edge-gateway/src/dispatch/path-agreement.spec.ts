import type { IncomingMessage } from 'node:http';
import { posix } from 'node:path';
import { EndpointRegistration } from '@sluice/contracts/plugin';
import { toSegments } from '../endpoints/encode-endpoint-request';
import { RouteTable, type RouteMatch } from '../endpoints/route-table';
import { RequestGuard } from '../http/request-guard';
import { RequestHead } from '../http/request-head';
import { generatedTargets } from '../testing/generated-targets';

const SEED = 20_261_120;
const guard = new RequestGuard({ maxUrlBytes: 8_192, maxHeaderBytes: 16_384, maxHeaders: 200 });
const routes = new RouteTable(
  [
    { path: '/private', requireAuth: true },
    { path: '/admin/*', requireAuth: true },
    { path: '/admin/public/*', requireAuth: false },
    { path: '/token', requireAuth: true },
    { path: '/*', requireAuth: false },
  ].map((registration) => EndpointRegistration.fromPartial({ methods: ['GET'], ...registration })),
);

/** The slug, and the path behind it, as the dispatcher splits them. */
function split(path: string): { slug: string; relative: string } | undefined {
  const match = /^\/plugins\/([^/]*)(.*)$/s.exec(path);
  return match ? { slug: match[1]!, relative: match[2] === '' ? '/' : match[2]! } : undefined;
}

function judge(target: string): string | undefined {
  const req = { method: 'GET', url: target, rawHeaders: ['Host', 'gw'], httpVersion: '1.1', httpVersionMajor: 1, httpVersionMinor: 1 } as unknown as IncomingMessage;
  const verdict = guard.judge(req, new RequestHead(req));
  return verdict.kind === 'passed' ? verdict.target.path : undefined;
}

const isProtected = (relative: string): boolean => {
  const match = routes.match('GET', relative);
  return match.kind === 'found' && match.route.requireAuth;
};

/** `/public/` is what `/public/*` was registered for, whoever takes it for `/public`. */
const isRootOf = (match: RouteMatch, path: string): boolean => match.kind === 'found' && match.route.pattern === `${path}/*`;

/** A percent sign that begins no encoding stays one. */
const unescape = (text: string): string => {
  try {
    return decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, '%25'));
  } catch {
    return text;
  }
};
/** What proxies, frameworks and plugins have been seen to do to a path that they are given. */
const HABITS: Readonly<Record<string, (path: string) => string>> = {
  'decodes once more': unescape,
  'resolves dot segments': (path) => posix.normalize(path),
  'merges slashes': (path) => path.replace(/\/{2,}/g, '/'),
  'takes backslashes for slashes': (path) => path.replaceAll('\\', '/'),
  'strips parameters': (path) => path.replace(/;[^/]*/g, ''),
  'ends at a question mark': (path) => path.replace(/\?.*$/s, ''),
  'ends at a hash': (path) => path.replace(/#.*$/s, ''),
  'ends at NUL': (path) => path.replace(/\0.*$/s, ''),
  'strips a slash at the end': (path) => (path.length > 1 ? path.replace(/\/$/, '') : path),
  'parses it as a URL': (path) => unescape(new URL(`http://gw${path}`).pathname),
};
const combinations = Object.entries(HABITS).flatMap(([first, one]) => [
  { name: first, read: one },
  ...Object.entries(HABITS).map(([second, other]) => ({ name: `${first}, then ${second}`, read: (path: string) => other(one(path)) })),
]);

describe('the path that was authorised', () => {
  it('is the path that the plugin gets, and the one that any less strict reader comes to, for 100,000 targets', () => {
    const seen = { passed: 0, toPlugins: 0, refused: 0, protected: 0, ambiguous: 0 };
    const disagreements: string[] = [];
    for (const target of generatedTargets(100_000, SEED)) {
      const path = judge(target);
      if (path === undefined) {
        seen.refused++;
        continue;
      }
      seen.passed++;
      const dispatched = split(path);
      if (!dispatched) continue;
      seen.toPlugins++;
      const { slug, relative } = dispatched;
      const match = routes.match('GET', relative);
      if (match.kind === 'ambiguous') {
        seen.ambiguous++;
        continue;
      }
      const admitted = match.kind === 'found' && match.route.requireAuth;
      if (admitted) seen.protected++;
      // What the plugin gets in its three forms is one path.
      const segments = toSegments(relative);
      if (`/${segments.join('/')}` !== (relative.length > 1 ? relative.replace(/\/$/, '') : relative)) disagreements.push(`${target}: segments ${segments.join(' ')} of ${relative}`);
      for (const { name, read } of combinations) {
        // A reader of the relative path must not come to what is protected when no token was asked for.
        const reading = read(relative);
        if (!admitted && isProtected(reading) && !isRootOf(match, reading)) disagreements.push(`${target}: a reader that ${name} comes to ${reading}`);
        const other = split(read(path));
        if (other && slug !== '' && other.slug !== slug) disagreements.push(`${target}: a reader that ${name} comes to the slug ${other.slug}`);
      }
    }
    expect(disagreements.slice(0, 20)).toEqual([]);
    // Otherwise nothing was tried.
    expect(seen.passed).toBeGreaterThan(10_000);
    expect(seen.refused).toBeGreaterThan(10_000);
    expect(seen.toPlugins).toBeGreaterThan(5_000);
    expect(seen.protected).toBeGreaterThan(1_000);
    expect(seen.ambiguous).toBeGreaterThan(100);
  });
});
