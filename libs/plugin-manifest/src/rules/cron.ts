import type { TextRule } from './rule';

interface CronField {
  name: string;
  min: number;
  max: number;
  /** Names that may stand for numbers, from `min` on. */
  names?: readonly string[];
}

const MINUTE: CronField = { name: 'minute', min: 0, max: 59 };
const HOUR: CronField = { name: 'hour', min: 0, max: 23 };
const DAY: CronField = { name: 'day of the month', min: 1, max: 31 };
const MONTH: CronField = {
  name: 'month',
  min: 1,
  max: 12,
  names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
};
/** 7 is Sunday too, as in most crontabs. */
const WEEKDAY: CronField = { name: 'day of the week', min: 0, max: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] };
const FIELDS = [MINUTE, HOUR, DAY, MONTH, WEEKDAY];

/** Of a leap year: what can come at all. */
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** `minute hour day month weekday`, `@every 5m`, `@hourly` or `@daily`. A schedule that never comes, such as 31 February, is refused. */
export const cronExpression: TextRule = (text) => {
  const trimmed = text.trim();
  if (trimmed.startsWith('@')) return checkDescriptor(trimmed);
  const parts = trimmed.split(/\s+/);
  if (parts.length !== FIELDS.length || trimmed === '') {
    return 'Write five fields (minute, hour, day of the month, month, day of the week), such as 0 3 * * *, or @hourly, @daily or @every 5m.';
  }
  const values: (readonly number[])[] = [];
  for (const [index, field] of FIELDS.entries()) {
    const result = readField(parts[index] ?? '', field);
    if (typeof result === 'string') return result;
    values.push(result);
  }
  const [, , days = [], months = []] = values;
  if (parts[4] === '*' && !months.some((month) => days.some((day) => day <= (DAYS_IN_MONTH[month - 1] ?? 0)))) {
    return 'Write a day that the month has: this schedule would never come.';
  }
  return undefined;
};

function checkDescriptor(text: string): string | undefined {
  if (text === '@hourly' || text === '@daily') return undefined;
  const duration = /^@every\s+(\S+)$/.exec(text)?.[1];
  if (duration === undefined) return 'Write @hourly, @daily or @every with a duration, such as @every 5m.';
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(duration)) return 'Write a duration after @every, such as 90s, 5m or 1h30m.';
  return durationSeconds(duration) < 1 ? 'Write at least one second after @every.' : undefined;
}

function durationSeconds(text: string): number {
  const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ''] ?? 0), 0);
}

/** Every value that the field allows, or what to do about it. */
function readField(text: string, field: CronField): number[] | string {
  const values: number[] = [];
  for (const part of text.split(',')) {
    const [, range = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const bounds = readRange(range, field, step !== undefined);
    if (bounds === undefined || step?.match(/^0+$/)) {
      return `Write the ${field.name} as ${field.min} to ${field.max}, a range (${field.min}-${field.min + 1}), a list (${field.min},${field.min + 1}), * or a step (*/2).`;
    }
    for (let value = bounds[0]; value <= bounds[1]; value += Number(step ?? 1)) values.push(value);
  }
  return values;
}

function readRange(text: string, field: CronField, stepped: boolean): [number, number] | undefined {
  if (text === '*' || (text === '?' && (field === DAY || field === WEEKDAY))) return [field.min, field.max];
  const ends = text.split('-');
  const [from, to] = ends.map((end) => readValue(end, field));
  if (ends.length > 2 || from === undefined) return undefined;
  if (ends.length === 1) return [from, stepped ? field.max : from];
  return to === undefined || to < from ? undefined : [from, to];
}

function readValue(text: string, field: CronField): number | undefined {
  const named = field.names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return named + field.min;
  if (!/^\d{1,2}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= field.min && value <= field.max ? value : undefined;
}
