import type { ObjectReader } from './object-reader';

/** Faults every later entry of a list whose key repeats an earlier one. Empty values have their own fault already. */
export function refuseRepeated(readers: readonly ObjectReader[], key: string, values: readonly string[]): void {
  readers.forEach((reader, index) => {
    const value = values[index] ?? '';
    if (value !== '' && values.indexOf(value) < index) reader.fault(key, `Write another \`${key}\`: \`${value}\` stands here twice.`);
  });
}
