/** Who or what failed logins are counted for, and how many are too many within the window. */
export interface ThrottleLimit {
  subject: string;
  limit: number;
}

export const THROTTLE_WINDOW_MS = 15 * 60_000;

/**
 * One address trying one account is the narrow count, so that a stranger cannot lock someone else out; the wide ones slow down guessing
 * from one address over many accounts, and from many addresses at one account.
 */
export function throttleLimits(ip: string, email: string): ThrottleLimit[] {
  return [
    { subject: `pair:${ip}:${email}`, limit: 10 },
    { subject: `ip:${ip}`, limit: 100 },
    { subject: `account:${email}`, limit: 200 },
  ];
}
