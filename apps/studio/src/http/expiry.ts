import { z } from 'zod';

/** When a credential stops to be one; null: never. */
export const expirySchema = z.iso
  .datetime({ offset: true, error: 'Write a time such as 2027-01-31T12:00:00Z, or null.' })
  .transform((text, context) => {
    const time = new Date(text);
    if (time.getTime() > Date.now()) return time;
    context.addIssue({ code: 'custom', message: 'Must be in the future.' });
    return z.NEVER;
  })
  .nullable()
  .default(null);
