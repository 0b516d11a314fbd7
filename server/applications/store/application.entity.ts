import { Column, Entity, PrimaryColumn } from 'typeorm';

export type ApplicationKind = 'gatehouse' | 'connected' | 'simulated' | 'drill';

@Entity('applications')
export class ApplicationEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  /** The name in lower case: two applications must not differ by case alone. */
  @Column('text', { name: 'name_key' })
  nameKey!: string;

  @Column('text')
  kind!: ApplicationKind;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'last_attempt_at', nullable: true })
  lastAttemptAt!: Date | null;
}
