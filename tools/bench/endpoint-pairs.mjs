import { end, firstLine, start } from './processes.mjs';
import { HELLO } from './endpoint-subjects.mjs';

/** Before each measured window: connections open, and caches and memory that others got meanwhile are the server's again. */
const settleSeconds = 0.7;
const singleSeconds = 1;
/** After so many times the rounds, the least disturbed pairs have to do. */
const attemptsPerRound = 2;

/**
 * Measures each subject beside hello: first one and then the other, saturated, the subject at half of what it served then, and each with one
 * connection. A pair in whose windows other processes used more than `foreign` cores is measured again.
 */
export class EndpointPairs {
  #settings;
  #subjects;
  #core;

  constructor(subjects, { core, ...settings }) {
    this.#subjects = subjects;
    this.#core = core;
    this.#settings = settings;
  }

  /** @returns for each subject its pairs, the least disturbed ones, and how many were discarded. */
  async measure(progress) {
    const names = Object.keys(this.#subjects).filter((name) => name !== HELLO);
    for (const name of names) {
      progress(`warming up: ${name}`);
      await this.#window(name, { seconds: 3 });
    }
    const pairs = Object.fromEntries(names.map((name) => [name, []]));
    const { rounds, foreign } = this.#settings;
    const enough = (name) => pairs[name].filter((pair) => pair.foreignCores <= foreign).length >= rounds;
    for (let round = 1; round <= rounds * attemptsPerRound; round++) {
      const left = names.filter((name) => !enough(name));
      if (left.length > 0) progress(`round ${round}`);
      // Forwards and backwards, so that a machine that gets slower or faster meanwhile is in all alike.
      for (const name of round % 2 === 1 ? left : left.reverse()) pairs[name].push(await this.#pair(name, round % 2 === 1));
    }
    return Object.fromEntries(names.map((name) => [name, keepLeastDisturbed(pairs[name], this.#settings)]));
  }

  async #pair(name, helloFirst) {
    const order = helloFirst ? [HELLO, name] : [name, HELLO];
    const saturated = {};
    const single = {};
    for (const each of order) saturated[each] = await this.#window(each, {});
    const half = await this.#window(name, { rate: saturated[name].requestsPerSecond / 2 });
    for (const each of order) single[each] = await this.#window(each, { connections: 1, seconds: singleSeconds });
    const windows = [...Object.values(saturated), half, ...Object.values(single)];
    return {
      hello: { saturated: saturated[HELLO], single: single[HELLO] },
      subject: { saturated: saturated[name], half, single: single[name] },
      foreignCores: Math.max(...windows.map((window) => window.foreignCores)),
    };
  }

  async #window(name, { connections = this.#settings.connections, seconds = this.#settings.seconds, rate }) {
    const load = { ...this.#subjects[name], connections, rate, settleSeconds, seconds };
    const child = start('load.mjs', { core: this.#core, args: [JSON.stringify(load)] });
    const timer = setTimeout(() => child.kill('SIGKILL'), (seconds + settleSeconds) * 1000 + 30_000);
    try {
      return JSON.parse(await firstLine(child));
    } catch (error) {
      throw new Error(`${name}: ${error.message}`, { cause: error });
    } finally {
      clearTimeout(timer);
      await end(child);
    }
  }
}

function keepLeastDisturbed(pairs, { rounds, foreign }) {
  const kept = [...pairs].sort((a, b) => a.foreignCores - b.foreignCores).slice(0, rounds);
  return { pairs: kept, discarded: pairs.filter((pair) => pair.foreignCores > foreign && !kept.includes(pair)).length, disturbed: kept.filter((pair) => pair.foreignCores > foreign).length };
}
