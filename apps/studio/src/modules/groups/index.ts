export * from './group-member.entity';
export * from './group.entity';
export * from './groups.module';
