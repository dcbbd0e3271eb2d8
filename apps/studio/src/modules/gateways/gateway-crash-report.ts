import type { CrashCard } from '@sluice/contracts/edge';
import type { PluginCrash } from '../plugin-crashes';
import { cleanText, MAX_LOG_LINE_LENGTH, MAX_LOG_LINES, toDate } from './gateway-report';

const MAX_INTEGER = 2_147_483_647;

/** A gateway's words about a crash, as far as a row holds them. */
export function toPluginCrash(card: CrashCard): PluginCrash {
  return {
    cardId: cleanText(card.id),
    pluginId: Math.min(card.pluginId, MAX_INTEGER),
    generation: Math.min(card.generation, MAX_INTEGER),
    digest: cleanText(card.digest) || null,
    happenedAt: toDate(card.atMs),
    reason: cleanText(card.reason),
    exitCode: card.exitCode ?? null,
    exitSignal: cleanText(card.exitSignal) || null,
    lastRequestId: cleanText(card.lastRequestId) || null,
    lastLogLines: card.lastLogLines.slice(-MAX_LOG_LINES).map((line) => cleanText(line, MAX_LOG_LINE_LENGTH)),
    outcome: cleanText(card.outcome),
    restartInMs: card.restartInMs === undefined ? null : Math.min(card.restartInMs, MAX_INTEGER),
  };
}
