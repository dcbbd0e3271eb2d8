import { CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

@Entity('group_members')
export class GroupMemberEntity {
  @PrimaryColumn('integer')
  @ForeignKey('groups', { onDelete: 'CASCADE' })
  groupId!: number;

  @Index()
  @PrimaryColumn('integer')
  @ForeignKey('users', { onDelete: 'CASCADE' })
  userId!: number;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;
}
