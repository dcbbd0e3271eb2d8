import type { TextRule } from './rule';

/** A name of the IANA data base, which follows a place's rules for summer time; an offset does not. */
export const timeZone: TextRule = (text) => (isTimeZone(text) ? undefined : 'Write an IANA time zone, such as Europe/London or UTC.');

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
