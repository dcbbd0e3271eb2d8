import type { Fault } from '@sluice/kernel';
import { isJsonObject, joinPointer } from '../json';
import type { TextRule } from '../rules/rule';

/** What was found while reading one document. */
export interface Findings {
  faults: Fault[];
  warnings: Fault[];
}

/**
 * Reads an object of the manifest key by key. A fault is noted and a stand-in returned, so that reading goes on and all faults come
 * together. `null` counts as absent: compiled plugins write it for empty lists.
 */
export class ObjectReader {
  private readonly read = new Set<string>();

  constructor(
    private readonly findings: Findings,
    readonly pointer: string,
    private readonly value: Readonly<Record<string, unknown>>,
  ) {}

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  fault(key: string, message: string): void {
    this.findings.faults.push({ pointer: this.at(key), message });
  }

  warn(key: string, message: string): void {
    this.findings.warnings.push({ pointer: this.at(key), message });
  }

  /** A string, or `fallback` when it is absent or wrong. */
  text(key: string, fallback: string, rule?: TextRule): string {
    return this.optionalText(key, rule) ?? fallback;
  }

  optionalText(key: string, rule?: TextRule): string | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') {
      this.fault(key, `Write a string as \`${key}\`.`);
      return undefined;
    }
    const advice = rule?.(value);
    if (advice === undefined) return value;
    this.fault(key, advice);
    return undefined;
  }

  requiredText(key: string, rule?: TextRule): string {
    const value = this.get(key);
    if (value === undefined) this.fault(key, `Add \`${key}\`: it is required.`);
    else if (value === '') this.fault(key, `Write something as \`${key}\`: it is empty.`);
    else return this.text(key, '', rule);
    return '';
  }

  oneOf<T extends string>(key: string, allowed: readonly T[], fallback: T): T {
    return this.optionalOneOf(key, allowed) ?? fallback;
  }

  optionalOneOf<T extends string>(key: string, allowed: readonly T[]): T | undefined {
    const value = this.get(key);
    const found = allowed.find((choice) => choice === value);
    if (value !== undefined && found === undefined) this.fault(key, `Write one of ${quoteList(allowed)} as \`${key}\`.`);
    return found;
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.get(key);
    if (typeof value === 'boolean') return value;
    if (value !== undefined) this.fault(key, `Write true or false as \`${key}\`.`);
    return fallback;
  }

  /** A whole number above zero that fits 32 bits, as the wire has it. */
  optionalCount(key: string): number | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 2_147_483_647) return value;
    this.fault(key, `Write a whole number above 0 as \`${key}\`.`);
    return undefined;
  }

  /** A number above zero, such as 0.5. */
  optionalAmount(key: string): number | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && value > 0 && value <= 1_000) return value;
    this.fault(key, `Write a number above 0 as \`${key}\`.`);
    return undefined;
  }

  texts(key: string, rule?: TextRule): string[] {
    return this.list(key).flatMap((value, index) => {
      const advice = typeof value === 'string' && value !== '' ? rule?.(value) : 'Write a string that is not empty here.';
      if (advice === undefined) return [value as string];
      this.fault(`${key}/${index}`, advice);
      return [];
    });
  }

  /** An object that is taken as it is. */
  anyObject(key: string): Record<string, unknown> | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    if (isJsonObject(value)) return value;
    this.fault(key, `Write an object as \`${key}\`.`);
    return undefined;
  }

  object(key: string): ObjectReader {
    return new ObjectReader(this.findings, this.at(key), this.anyObject(key) ?? {});
  }

  objects(key: string): ObjectReader[] {
    return this.list(key).flatMap((value, index) => {
      if (isJsonObject(value)) return [new ObjectReader(this.findings, this.at(`${key}/${index}`), value)];
      this.fault(`${key}/${index}`, 'Write an object here.');
      return [];
    });
  }

  /** Keys that are kept as they are and mean nothing yet. */
  keep(...keys: string[]): Record<string, unknown> {
    return Object.fromEntries(keys.flatMap((key) => (this.has(key) ? [[key, this.get(key)]] : [])));
  }

  /** The keys that nobody has asked for: kept, with a warning each. Call it last. */
  unknown(): Record<string, unknown> {
    const entries = Object.entries(this.value).filter(([key]) => !this.read.has(key));
    for (const [key] of entries) {
      this.findings.warnings.push({ pointer: joinPointer(this.pointer, key), message: `Check the name \`${key}\`: Sluice does not know it and leaves it alone.` });
    }
    return Object.fromEntries(entries);
  }

  private list(key: string): unknown[] {
    const value = this.get(key);
    if (value === undefined || Array.isArray(value)) return value ?? [];
    this.fault(key, `Write a list as \`${key}\`.`);
    return [];
  }

  private get(key: string): unknown {
    this.read.add(key);
    return Object.hasOwn(this.value, key) ? (this.value[key] ?? undefined) : undefined;
  }

  /** Keys that are asked for by name need no escaping; list positions come as `key/index`. */
  private at(key: string): string {
    return key === '' ? this.pointer : `${this.pointer}/${key}`;
  }
}

export function quoteList(values: readonly string[]): string {
  return values.map((value) => `\`${value}\``).join(', ');
}
