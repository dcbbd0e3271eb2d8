import type { CrashCard as CrashReportCard } from '@sluice/contracts/edge';
import type { CrashCard } from '@sluice/plugin-runtime';

/** A card of the host in the words of the edge protocol. */
export function toCrashReportCard(card: CrashCard): CrashReportCard {
  return {
    id: card.id,
    pluginId: card.pluginId,
    generation: card.generation,
    digest: card.digest ?? '',
    atMs: BigInt(Math.trunc(card.at)),
    reason: card.reason,
    exitCode: card.exitCode ?? undefined,
    exitSignal: card.exitSignal ?? '',
    lastRequestId: card.lastRequestId,
    lastLogLines: [...card.lastLogLines],
    outcome: card.outcome,
    restartInMs: card.restartInMs === null ? undefined : Math.round(card.restartInMs),
  };
}
