import { z } from 'zod';
import type { Member } from './group-member.service';

export const memberView = z.object({ user_id: z.int(), email: z.string(), name: z.string(), added_at: z.iso.datetime() });

export function viewMember(member: Member): z.input<typeof memberView> {
  return { user_id: member.userId, email: member.email, name: member.name, added_at: member.addedAt.toISOString() };
}
