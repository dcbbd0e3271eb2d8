import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Failed logins of an address or of an account, counted by all studios together. */
@Entity('login_throttles')
export class LoginThrottleEntity {
  /** `ip:…` or `email:…`. */
  @PrimaryColumn('text')
  subject!: string;

  @Column('integer')
  failures!: number;

  /** When the count starts anew. */
  @Column('timestamptz')
  resetsAt!: Date;
}
