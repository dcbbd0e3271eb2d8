import type { JsonObject } from '@sluice/config-snapshot';
import type { TwoTexts } from '../storage/record-store';

export interface BrokenApp {
  id: number;
  name: string | null;
  /** `fewer_tokens`: some of its callers would be refused. */
  reason: 'removed' | 'no_tokens' | 'fewer_tokens';
  tokensRemoved: number;
  tokensLeft: number;
}

export interface LostEndpoint {
  pluginId: number;
  name: string | null;
  slug: string;
}

/** What a proposed change would mean for those who call gateways. */
export interface Consequences {
  brokenApps: BrokenApp[];
  lostEndpoints: LostEndpoint[];
}

/** The apps that would lose tokens, by id, and how many. */
export function tokensLost(changes: readonly TwoTexts[]): Map<number, number> {
  const lost = new Map<number, number>();
  for (const { before, after } of changes.filter(({ kind }) => kind === 'token')) {
    const was = dataOf(before);
    // A token with another hash is another token.
    if (was && dataOf(after)?.['hash'] !== was['hash']) lost.set(Number(was['app_id']), (lost.get(Number(was['app_id'])) ?? 0) + 1);
  }
  return lost;
}

/** @param tokensLeft how many tokens each app would have of those that lose some, and its name. */
export function consequencesOf(changes: readonly TwoTexts[], tokensLeft: ReadonlyMap<number, { count: number; name: string | null }>): Consequences {
  const removed = new Map(changes.filter(({ kind, after }) => kind === 'app' && after === null).map(({ id, before }) => [Number(id), nameOf(dataOf(before))]));
  const lost = tokensLost(changes);
  const brokenApps = [...new Set([...removed.keys(), ...lost.keys()])].sort((a, b) => a - b).map((id): BrokenApp => {
    const left = tokensLeft.get(id);
    const reason = removed.has(id) ? 'removed' : (left?.count ?? 0) === 0 ? 'no_tokens' : 'fewer_tokens';
    return { id, name: removed.get(id) ?? left?.name ?? null, reason, tokensRemoved: lost.get(id) ?? 0, tokensLeft: reason === 'removed' ? 0 : (left?.count ?? 0) };
  });
  return { brokenApps, lostEndpoints: lostEndpoints(changes) };
}

function lostEndpoints(changes: readonly TwoTexts[]): LostEndpoint[] {
  const plugins = changes.filter(({ kind }) => kind === 'plugin').map(({ id, before, after }) => ({ id, was: dataOf(before), is: dataOf(after) }));
  // A slug may pass from one plugin to another.
  const taken = new Set(plugins.flatMap(({ is }) => is?.['slug'] ?? []));
  return plugins.flatMap(({ id, was }) => {
    const slug = was?.['slug'];
    return typeof slug === 'string' && !taken.has(slug) ? [{ pluginId: Number(id), name: nameOf(was), slug }] : [];
  });
}

function nameOf(data: JsonObject | undefined): string | null {
  const name = data?.['name'];
  return typeof name === 'string' ? name : null;
}

function dataOf(text: string | null): JsonObject | undefined {
  return text === null ? undefined : (JSON.parse(text) as { data: JsonObject }).data;
}
